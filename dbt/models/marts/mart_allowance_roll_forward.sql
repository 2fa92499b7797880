{#- The allowance from one balance that the general ledger delivered to the next, and from the last
    one to what is expected to be lost: opening + charge - reversal - written off + recovered +- fx
    = closing (accounting E10, D2). Written off and recovered are movements of receivables; what the
    books charged follows from them, at the rate of the last day, and what is left is translation.
    The last step is the entry to be proposed. -#}
with

allowance as (

    select *
    from {{ ref('int_provision__allowance') }}
    where allowance_functional is not null and allowance_reporting is not null

),

-- the year that the as-of date is in begins with the last balance of the one before
year_start as (

    select
        company_code,
        max(case when balance_date < {{ add_months(month_start(as_of()),
            '-(cast(extract(month from ' ~ as_of() ~ ') as int) - 1)') }} then balance_date end)
            as opening_date
    from allowance
    group by company_code

),

model as (

    select
        company_code,
        sum(expected_credit_loss_functional) as allowance_functional,
        sum(expected_credit_loss_reporting) as allowance_reporting
    from {{ ref('mart_expected_credit_loss') }}
    where not is_beside
    group by company_code

),

point as (

    select
        allowance.company_code,
        allowance.balance_date as day,
        0 as point_no,
        allowance.allowance_functional,
        allowance.allowance_reporting
    from allowance
    inner join year_start
        on allowance.company_code = year_start.company_code
    where
        year_start.opening_date is null
        or allowance.balance_date >= year_start.opening_date
    union all
    select
        company_code,
        {{ as_of() }} as day,
        1 as point_no,
        allowance_functional,
        allowance_reporting
    from model

),

step as (

    select
        company_code,
        lag(day) over along as from_date,
        day as to_date,
        case point_no when 1 then 'proposed' else 'booked' end as step,
        row_number() over along as step_no,
        {% for basis in ['functional', 'reporting'] -%}
        lag(allowance_{{ basis }}) over along as opening_{{ basis }},
        allowance_{{ basis }} as closing_{{ basis }}{{ ',' if not loop.last }}
        {% endfor %}
    from point
    window along as (partition by company_code order by day, point_no)

),

used as (

    select
        step.company_code,
        step.step_no,
        {% for basis in ['functional', 'reporting'] -%}
        {% for name, kind in [('written_off', 'write_off'), ('recovered', 'write_off_recovery')] -%}
        coalesce(
            sum(case when moved.movement_kind = '{{ kind }}' then moved.amount_{{ basis }} end), 0
        ) as {{ name }}_{{ basis }},
        {% endfor -%}
        {% endfor -%}
        count(moved.movement_kind) as movement_count
    from step
    left join {{ ref('int_write_off__valued') }} as moved
        on
            step.company_code = moved.company_code
            and moved.effective_date > step.from_date
            and moved.effective_date <= step.to_date
    group by step.company_code, step.step_no

),

charged as (

    select
        step.*,
        used.written_off_functional,
        used.recovered_functional,
        used.written_off_reporting,
        used.recovered_reporting,
        step.closing_functional - step.opening_functional + used.written_off_functional
        - used.recovered_functional as charge_functional,
        company.functional_currency
    from step
    inner join used
        on step.company_code = used.company_code and step.step_no = used.step_no
    inner join {{ ref('int_company') }} as company
        on step.company_code = company.company_code

),

translated as (

    select
        charged.*,
        case
            when charged.functional_currency = '{{ var("reporting_currency") }}'
                then charged.charge_functional
            else {{ money_times_rate('charged.charge_functional', 'rate.rate_to_reporting') }}
        end as charge_reporting
    from charged
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            charged.company_code = rate.company_code
            and charged.functional_currency = rate.currency
            and charged.to_date = rate.day

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(step_no as int) as step_no,
        cast(step as {{ dbt.type_string() }}) as step,
        cast(from_date as date) as from_date,
        cast(to_date as date) as to_date,
        cast(functional_currency as {{ dbt.type_string() }}) as functional_currency,
        {% for basis in ['functional', 'reporting'] -%}
        cast(opening_{{ basis }} as decimal(18, 2)) as opening_{{ basis }},
        cast(case when charge_{{ basis }} is not null then greatest(charge_{{ basis }}, 0) end
            as decimal(18, 2)) as charge_{{ basis }},
        cast(case when charge_{{ basis }} is not null then greatest(-charge_{{ basis }}, 0) end
            as decimal(18, 2)) as reversal_{{ basis }},
        cast(written_off_{{ basis }} as decimal(18, 2)) as written_off_{{ basis }},
        cast(recovered_{{ basis }} as decimal(18, 2)) as recovered_{{ basis }},
        {% if basis == 'reporting' -%}
        cast(
            closing_reporting - opening_reporting - charge_reporting + written_off_reporting
            - recovered_reporting as decimal(18, 2)
        ) as fx_reporting,
        {% endif -%}
        cast(closing_{{ basis }} as decimal(18, 2)) as closing_{{ basis }},
        {% endfor -%}
        cast(case when opening_functional is null then 'not_delivered' end
            as {{ dbt.type_string() }}) as reason_when_null
    from translated
    where step = 'proposed' or from_date is not null

)

select * from final
