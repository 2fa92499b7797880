{{ config(materialized='table') }}

{#- The booked allowance at period ends on which a general ledger delivered one, per company and for
    all of them, in the reporting currency. -#}
with

balance as (

    select
        balance.company_code,
        balance.balance_date,
        balance.currency,
        -- debit positive: an allowance stands on the credit side
        -sum(balance.balance) as allowance
    from {{ ref('stg_landing__gl_balance') }} as balance
    inner join {{ ref('int_kpi__month') }} as month
        on balance.balance_date = month.period_end
    where
        not balance.is_deleted
        and balance.known_to = {{ end_of_time() }}
        and balance.account_role = 'allowance'
    group by balance.company_code, balance.balance_date, balance.currency

),

converted as (

    select
        balance.company_code,
        balance.balance_date,
        {{ money_times_rate('balance.allowance', 'rate.rate_to_reporting') }} as allowance
    from balance
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            balance.company_code = rate.company_code
            and balance.currency = rate.currency
            and balance.balance_date = rate.day

),

final as (

    select
        'company' as dimension,
        company_code as dimension_value,
        balance_date as period_end,
        case when count(*) = count(allowance) then sum(allowance) end as allowance
    from converted
    group by company_code, balance_date
    union all
    select
        'group' as dimension,
        '*' as dimension_value,
        balance_date as period_end,
        case when count(*) = count(allowance) then sum(allowance) end as allowance
    from converted
    group by balance_date

)

select * from final
