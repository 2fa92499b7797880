{{ config(materialized='table') }}

{#- The booked allowance on every day on which a general ledger delivered one, in the currency of
    the books and in that of the group. -#}
with

balance as (

    select
        balance.company_code,
        balance.balance_date,
        company.functional_currency,
        balance.currency,
        -- debit positive: an allowance stands on the credit side
        -sum(balance.balance) as allowance
    from ({{ current_version('gl_balance') }}) as balance
    inner join {{ ref('int_company') }} as company
        on balance.company_code = company.company_code
    where balance.account_role = 'allowance' and balance.balance_date <= {{ as_of() }}
    group by
        balance.company_code, balance.balance_date, company.functional_currency, balance.currency

),

converted as (

    select
        balance.company_code,
        balance.balance_date,
        {{ money_times_rate('balance.allowance', 'own_rate.rate_to_reporting') }}
            as allowance_reporting,
        case
            when balance.currency = balance.functional_currency then balance.allowance
            else {{ money_times_rate('balance.allowance',
                rate_of('own_rate.rate_to_reporting', 'functional_rate.rate_to_reporting')) }}
        end as allowance_functional
    from balance
    left join {{ ref('int_fx_rate__closing') }} as own_rate
        on
            balance.company_code = own_rate.company_code
            and balance.currency = own_rate.currency
            and balance.balance_date = own_rate.day
    left join {{ ref('int_fx_rate__closing') }} as functional_rate
        on
            balance.company_code = functional_rate.company_code
            and balance.functional_currency = functional_rate.currency
            and balance.balance_date = functional_rate.day

),

final as (

    select
        company_code,
        balance_date,
        case when count(*) = count(allowance_functional) then sum(allowance_functional) end
            as allowance_functional,
        case when count(*) = count(allowance_reporting) then sum(allowance_reporting) end
            as allowance_reporting
    from converted
    group by company_code, balance_date

)

select * from final
