{#- What a debtor owes beyond n days past due after its credits (net_overdue(n) of policy section 1), over time.

    Belongs here: running sums over the events of positions (risk.sql has them). Must not:
    floors and thresholds, nor anything that looks at one day only (netting.sql does).

    Credits of one company and currency absorb the oldest items first, and those beyond n days are the oldest: so what
    is left of them is their sum less the credits, if that is more than 0. Both sums run over events (a step of the
    interval table, the day on which an item has become old enough, a dispute that opens or ends), so the cost follows
    events. -#}

{#- One row per party and interval of days: what of `positions` (a relation of risk_positions) is more than so many days
    past `due_date_column` after credits, in the reporting currency, one column per entry of `ages` (column: days);
    without intragroup. Each company and currency is translated at the closing rate of the day on which it changes;
    without a rate it counts 0. With `with_balances` also what is owed and owing (columns of risk_balances()), for every
    party that ever had an item, at the rates of every month end besides, and `unconverted_count` says how many accounts
    have no rate. -#}
{% macro net_overdue_history(positions, due_date_column, ages, with_balances=false) %}
{%- set balances = risk_balances() if with_balances else {} -%}
{%- set measures = ages.keys() | list + balances.keys() | list -%}
{%- set results = measures + (['unconverted_count'] if with_balances else []) -%}
with

position as (

    select
        *,
        {{ due_date_column }} as counted_due_date
    from {{ positions }}
    where not is_intragroup

),

age as (

    {% for measure, days in ages.items() -%}
    select
        {{ loop.index }} as measure_no,
        cast({{ days }} as int) as days
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

aged as (

    select
        position.party_id,
        position.company_code,
        position.currency,
        age.measure_no,
        greatest(position.day_from, {{ add_days('position.counted_due_date', 'age.days + 1') }})
            as day_from,
        position.day_to,
        position.amount_document as amount
    from position
    inner join age
        on
            position.day_to > {{ add_days('position.counted_due_date', 'age.days + 1') }}
            and {{ add_days('position.counted_due_date', 'age.days + 1') }} <= {{ as_of() }}
    where not position.is_credit and position.amount_document > 0

),

account as {{ read_once() }} (

    select
        {{ dense_key(['party_id', 'company_code', 'currency']) }} as account_no,
        party_id,
        company_code,
        currency
    from (
        select distinct
            party_id,
            company_code,
            currency
        from {{ 'position' if with_balances else 'aged' }}
    ) as named

),

-- 0 is what credits absorb
credit as (

    select
        party_id,
        company_code,
        currency,
        0 as measure_no,
        day_from,
        day_to,
        amount_document as amount
    from position
    where is_credit

),

{% for column, measured in balances.items() -%}
{{ column }} as (

    select
        party_id,
        company_code,
        currency,
        {{ ages | length + loop.index }} as measure_no,
        day_from,
        day_to,
        {{ measured.amount }} as amount
    from position
    where {{ measured.condition }}

),

{% endfor -%}
step as (

    {% for relation in ['aged', 'credit'] + balances.keys() | list -%}
    {%- for sign, day in [('', 'day_from'), ('-', 'day_to')] -%}
    select
        account.account_no,
        {{ relation }}.measure_no,
        {{ relation }}.{{ day }} as day,
        {{ sign }}{{ relation }}.amount as change
    from {{ relation }}
    inner join account
        on {{ equal_key(relation, 'account', ['party_id', 'company_code', 'currency']) }}
    where {{ relation }}.{{ day }} <= {{ as_of() }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {% if with_balances -%}
    union all
    -- nothing changes but the rate
    select
        account.account_no,
        0 as measure_no,
        month.period_end as day,
        cast(0 as decimal(18, 2)) as change
    from (
        select
            party_id,
            company_code,
            currency,
            min(day_from) as first_day
        from position
        where currency <> '{{ var("reporting_currency") }}'
        group by party_id, company_code, currency
    ) as foreign_account
    inner join account
        on {{ equal_key('foreign_account', 'account', ['party_id', 'company_code', 'currency']) }}
    inner join {{ ref('int_kpi__month') }} as month
        on foreign_account.first_day < month.period_end
    {%- endif %}

),

daily as (

    select
        account_no,
        day,
        {% for measure in ['credit'] + measures -%}
        sum(case when measure_no = {{ loop.index0 }} then change else 0 end) as {{ measure }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from step
    group by account_no, day

),

running as (

    select
        account_no,
        day,
        {% for measure in ages -%}
        greatest(sum({{ measure }}) over along - sum(credit) over along, 0) as {{ measure }}
        {{- ',' if not loop.last or with_balances }}
        {% endfor -%}
        {% for measure in balances -%}
        sum({{ measure }}) over along as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from daily
    window along as (
        partition by account_no
        order by day
        rows between unbounded preceding and current row
    )

),

valued as (

    select
        account.account_no,
        account.party_id,
        running.day,
        {% for measure in measures -%}
        -- an amount without a rate cannot be held against a floor
        coalesce({{ money_times_rate('running.' ~ measure, 'rate.rate_to_reporting') }}, 0)
            as {{ measure }}{{ ',' if not loop.last or with_balances }}
        {% endfor -%}
        {% if with_balances -%}
        case
            when rate.rate_to_reporting is null and (
                {% for measure in balances -%}
                running.{{ measure }} <> 0{{ ' or ' if not loop.last }}
                {%- endfor %}
            ) then 1 else 0
        end as unconverted_count
        {%- endif %}
    from running
    inner join account
        on running.account_no = account.account_no
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            account.company_code = rate.company_code
            and account.currency = rate.currency
            and running.day = rate.day

),

changed as (

    select
        party_id,
        day,
        {% for result in results -%}
        {{ result }} - coalesce(lag({{ result }}) over by_day, 0) as {{ result }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from valued
    window by_day as (partition by account_no order by day)

),

party_day as (

    select
        party_id,
        day,
        {% for result in results -%}
        sum({{ result }}) as {{ result }}{{ ',' if not loop.last }}
        {% endfor %}
    from changed
    group by party_id, day

),

final as (

    select
        party_id,
        day as effective_from,
        coalesce(lead(day) over (partition by party_id order by day), {{ end_of_days() }})
            as effective_to,
        {% for result in results -%}
        cast(sum({{ result }}) over along as {{ 'bigint' if result == 'unconverted_count'
            else 'decimal(18, 2)' }}) as {{ result }}{{ ',' if not loop.last }}
        {% endfor %}
    from party_day
    window along as (
        partition by party_id
        order by day
        rows between unbounded preceding and current row
    )

)

select * from final
{% endmacro %}

{#- The ages at which policy looks at net overdue, each with its column. -#}
{% macro net_overdue_ages() -%}
    {%- set ages = {} -%}
    {%- for days in [0, 7, 15, 30, 45, 60, 90] -%}
    {%- do ages.update({'net_overdue_' ~ days ~ '_reporting': days}) -%}
    {%- endfor -%}
    {{- return(ages) -}}
{%- endmacro %}
