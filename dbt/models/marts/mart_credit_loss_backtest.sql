{#- What the provision would have said on an earlier day, against what became of the same items
    since (policy section 6 rule 7, accounting E10; DECISIONS 43). Losses on items that were not
    open on that day stand apart and in no ratio. -#}
{%- set expected = ['open_amount', 'exposure', 'covered', 'uncovered_base', 'uncovered_loss',
    'covered_loss'] -%}
{%- set outcomes = ['written_off', 'recovered', 'open_in_default', 'open_younger', 'diluted',
    'set_off', 'paid', 'other'] -%}
{%- set losses = ['realised_loss', 'expected_in_default', 'expected_younger'] -%}
{%- set later = ['new_business_loss', 'settled_before_loss'] -%}
{%- set key = ['months_back', 'company_code', 'segment', 'method', 'aging', 'bucket'] -%}
with

vantage as (

    select *
    from {{ ref('int_provision__vantage') }}
    where months_back > 0

),

predicted as (

    select
        months_back,
        company_code,
        segment,
        method,
        used_aging as aging,
        used_bucket as bucket,
        max(rate_source) as rate_source,
        {% for measure in expected -%}
        sum({{ measure }}_reporting) as {{ measure }},
        {% endfor -%}
        sum(item_count) as item_count,
        sum(unconverted_count) as unconverted_count
    from {{ ref('int_provision__priced') }}
    where
        months_back > 0
        and sensitivity = 'base'
        and not is_beside
        and method <> 'eliminated'
    group by months_back, company_code, segment, method, used_aging, used_bucket

),

happened as (

    select
        {{ key | join(', ') }},
        {% for measure in outcomes -%}
        sum({{ measure }}_reporting) as {{ measure }},
        {% endfor -%}
        sum(written_off_borne) as realised_loss,
        sum(expected_in_default_reporting) as expected_in_default,
        sum(expected_younger_reporting) as expected_younger
    from {{ ref('int_provision__outcome') }}
    group by {{ key | join(', ') }}

),

-- lost since, and not open on the day: billed later, or settled before and lost or recovered again
lost_later as (

    select
        vantage.months_back,
        loss.company_code,
        customer.matrix_segment as segment,
        item.posting_date > vantage.day as is_new,
        sum(
            case
                when loss.movement_kind = 'write_off_recovery' then -loss.amount_reporting
                else loss.amount_reporting
            end
        ) as amount,
        sum(case when loss.amount_reporting is null then 1 else 0 end) as unconverted_count
    from vantage
    inner join {{ ref('int_write_off__valued') }} as loss
        on loss.effective_date > vantage.day and loss.effective_date <= {{ as_of() }}
    inner join {{ ref('fct_open_item') }} as item
        on loss.open_item_id = item.open_item_id
    inner join {{ ref('int_provision__customer') }} as customer
        on
            vantage.months_back = customer.months_back
            and loss.company_code = customer.company_code
            and loss.customer_id = customer.customer_id
            and not customer.is_intragroup
    left join {{ ref('int_provision__item') }} as then_open
        on
            vantage.months_back = then_open.months_back
            and loss.open_item_id = then_open.open_item_id
    -- lost on a receivable that a bill came back to, it is the bill's
    left join (
        select distinct months_back, open_item_id
        from {{ ref('int_provision__reopened') }}
    ) as reopened
        on
            vantage.months_back = reopened.months_back
            and loss.open_item_id = reopened.open_item_id
    where then_open.open_item_id is null and reopened.open_item_id is null
    group by
        vantage.months_back, loss.company_code, customer.matrix_segment,
        item.posting_date > vantage.day

),

line as (

    select
        {{ qualified('predicted', key) }},
        predicted.rate_source,
        {% for measure in expected -%}
        predicted.{{ measure }},
        {% endfor -%}
        {% for measure in outcomes + losses -%}
        happened.{{ measure }},
        {% endfor -%}
        {% for measure in later -%}
        0 as {{ measure }},
        {% endfor -%}
        predicted.item_count,
        predicted.unconverted_count
    from predicted
    inner join happened
        on {{ equal_key('predicted', 'happened', key) }}
    union all
    select
        months_back,
        company_code,
        segment,
        'none' as method,
        '*' as aging,
        case when is_new then 'new_business' else 'settled_before' end as bucket,
        cast(null as {{ dbt.type_string() }}) as rate_source,
        {% for measure in expected + outcomes + losses -%}
        0 as {{ measure }},
        {% endfor -%}
        case when is_new then coalesce(amount, 0) else 0 end as new_business_loss,
        case when is_new then 0 else coalesce(amount, 0) end as settled_before_loss,
        0 as item_count,
        unconverted_count
    from lost_later

),

levelled as (

    {% for level, company, segment, place in [
        ('bucket', 'company_code', 'segment', true), ('segment', 'company_code', 'segment', false),
        ('company', 'company_code', "'*'", false), ('group', "'*'", "'*'", false)] -%}
    select
        '{{ level }}' as level,
        months_back,
        {{ company }} as company_code,
        {{ segment }} as segment,
        {% for column in ['method', 'aging', 'bucket'] -%}
        {{ column if place else "'*'" }} as {{ column }},
        {% endfor -%}
        {{ 'max(rate_source)' if place else 'null' }} as rate_source,
        {% for measure in expected + outcomes + losses + later
            + ['item_count', 'unconverted_count'] -%}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from line
    group by
        months_back
        {%- if level != 'group' %}, company_code{% endif -%}
        {%- if level in ('bucket', 'segment') %}, segment{% endif -%}
        {%- if place %}, method, aging, bucket{% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

totalled as (

    select
        *,
        covered_loss + uncovered_loss as expected_loss,
        {{ losses | join(' + ') }} as outcome_loss
    from levelled

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(vantage.months_back as int) as months_back,
        cast(vantage.day as date) as valuation_date,
        cast(totalled.level as {{ dbt.type_string() }}) as level,
        cast(totalled.company_code as {{ dbt.type_string() }}) as company_code,
        cast(segment.segment_no as int) as segment_no,
        cast(totalled.segment as {{ dbt.type_string() }}) as segment,
        cast(totalled.method as {{ dbt.type_string() }}) as method,
        cast(totalled.aging as {{ dbt.type_string() }}) as aging,
        cast(totalled.bucket as {{ dbt.type_string() }}) as bucket,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(totalled.open_amount as decimal(18, 2)) as gross_reporting,
        cast(totalled.exposure as decimal(18, 2)) as exposure_reporting,
        cast(totalled.covered as decimal(18, 2)) as covered_reporting,
        cast(totalled.uncovered_base as decimal(18, 2)) as uncovered_base_reporting,
        cast(totalled.rate_source as {{ dbt.type_string() }}) as rate_source,
        cast({{ rate_of('totalled.uncovered_loss', 'totalled.uncovered_base') }}
            as decimal(18, 9)) as rate,
        cast(totalled.uncovered_loss as decimal(18, 2)) as uncovered_loss_reporting,
        cast(totalled.covered_loss as decimal(18, 2)) as covered_loss_reporting,
        cast(totalled.expected_loss as decimal(18, 2)) as expected_loss_reporting,
        {% for measure in outcomes + losses -%}
        cast(totalled.{{ measure }} as decimal(18, 2)) as {{ measure }}_reporting,
        {% endfor -%}
        cast(totalled.outcome_loss as decimal(18, 2)) as outcome_loss_reporting,
        cast(totalled.outcome_loss - totalled.expected_loss as decimal(18, 2))
            as difference_reporting,
        cast({{ rate_of('totalled.outcome_loss', 'totalled.expected_loss') }} as decimal(18, 9))
            as ratio,
        cast(
            case
                when totalled.expected_loss > 0 then null
                when totalled.item_count = 0 then 'not_there_then'
                else 'nothing_expected'
            end as {{ dbt.type_string() }}
        ) as reason_when_null,
        {% for measure in later -%}
        cast(totalled.{{ measure }} as decimal(18, 2)) as {{ measure }}_reporting,
        {% endfor -%}
        cast(totalled.item_count as bigint) as item_count,
        cast(totalled.unconverted_count as bigint) as unconverted_count,
        cast(segment.policy_version as {{ dbt.type_string() }}) as policy_version
    from totalled
    inner join vantage
        on totalled.months_back = vantage.months_back
    left join {{ ref('int_provision__segment') }} as segment
        on totalled.segment = segment.segment

)

select * from final
