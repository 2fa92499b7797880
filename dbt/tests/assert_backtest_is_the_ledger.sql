{%- set parts = ['written_off', 'open_in_default', 'open_younger', 'diluted', 'set_off', 'paid',
    'other'] -%}
{%- set measures = parts + ['gross', 'expected_loss', 'outcome_loss', 'new_business_loss',
    'settled_before_loss'] -%}
{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- What was open on the day of the prediction is the ledger's of that day, and the sum of what
-- became of it, row by row; rows sum to segments, companies and the group.
with

broken as (

    select
        'parts' as broken,
        months_back,
        company_code,
        segment,
        bucket
    from {{ ref('mart_credit_loss_backtest') }}
    where
        gross_reporting <> (
            {% for part in parts -%}
            {{ part }}_reporting{{ ' +' if not loop.last }}
            {% endfor %}
        )
        or least(
            {% for part in parts -%}
            {{ part }}_reporting{{ ',' if not loop.last }}
            {% endfor %}
        ) < 0
        or (ratio is null) <> (reason_when_null is not null)

),

item as (

    select
        'items' as broken,
        months_back,
        company_code,
        segment,
        open_item_id as bucket
    from {{ ref('int_provision__outcome') }}
    where
        amount_reporting <> (
            {% for part in parts -%}
            {{ part }}_reporting{{ ' +' if not loop.last }}
            {% endfor %}
        )

),

summed as (

    {% for level, company, segment in [('segment', 'company_code', 'segment'),
        ('company', 'company_code', "'*'"), ('group', "'*'", "'*'")] -%}
    select
        '{{ level }}' as level,
        months_back,
        {{ company }} as company_code,
        {{ segment }} as segment,
        {% for measure in measures -%}
        sum({{ measure }}_reporting) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('mart_credit_loss_backtest') }}
    where level = 'bucket'
    group by
        months_back
        {%- if level != 'group' %}, company_code{% endif -%}
        {%- if level == 'segment' %}, segment{% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

level as (

    select
        'levels' as broken,
        published.months_back,
        published.company_code,
        published.segment,
        published.level as bucket
    from {{ ref('mart_credit_loss_backtest') }} as published
    left join summed
        on {{ equal_key('published', 'summed', ['level', 'months_back', 'company_code',
            'segment']) }}
    where
        published.level <> 'bucket'
        and (
            summed.level is null
            {% for measure in measures -%}
            or published.{{ measure }}_reporting is distinct from summed.{{ measure }}
            {% endfor %}
        )

),

gross as (

    select
        months_back,
        company_code,
        sum(gross_reporting) as gross
    from {{ ref('mart_credit_loss_backtest') }}
    where level = 'company'
    group by months_back, company_code

),

ledger as (

    select
        vantage.months_back,
        balance.company_code,
        sum(
            coalesce(
                {{ money_times_rate('balance.open_amount_document', 'rate.rate_to_reporting') }}, 0
            )
        ) as gross
    from {{ ref('int_provision__vantage') }} as vantage
    inner join {{ ref('fct_open_item_balance') }} as balance
        on balance.effective_from <= vantage.day and balance.effective_to > vantage.day
    inner join {{ ref('dim_customer') }} as customer
        on
            balance.company_code = customer.company_code
            and balance.customer_id = customer.customer_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            balance.company_code = rate.company_code
            and balance.currency = rate.currency
            and vantage.day = rate.day
    where
        vantage.months_back > 0
        and balance.known_to = {{ end_of_time() }}
        and balance.open_amount_document > 0
        and not customer.is_intragroup
    group by vantage.months_back, balance.company_code

),

unequal as (

    select
        'ledger' as broken,
        coalesce(gross.months_back, ledger.months_back) as months_back,
        coalesce(gross.company_code, ledger.company_code) as company_code,
        '*' as segment,
        '*' as bucket
    from gross
    full outer join ledger
        on gross.months_back = ledger.months_back and gross.company_code = ledger.company_code
    where coalesce(gross.gross, 0) <> coalesce(ledger.gross, 0)

)

select * from broken
union all
select * from item
union all
select * from level
union all
select * from unequal
