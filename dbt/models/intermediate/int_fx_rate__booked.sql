{{ config(materialized='table') }}

{#- The rate at which a voucher without a functional amount is converted, for each day needed and as
    known (L13): type booked, else closing; direct, else inverse; the last on or before the day, at
    most 7 days old. Covers the whole knowledge axis; rate is NULL where none is known. -#}
with

needed as (

    select distinct
        currency,
        functional_currency,
        accounting_date
    from {{ ref('int_voucher__posted') }}
    where
        given_functional is null
        and functional_currency is not null
        and currency <> functional_currency

),

candidate as (

    select
        needed.currency,
        needed.functional_currency,
        needed.accounting_date,
        quoted.rate,
        quoted.rate_date,
        quoted.direction_no,
        case quoted.rate_type when 'booked' then 1 else 2 end as type_no,
        quoted.known_from,
        quoted.known_to
    from needed
    inner join {{ ref('int_fx_rate__quoted') }} as quoted
        on
            needed.currency = quoted.from_currency
            and needed.functional_currency = quoted.to_currency
            and quoted.rate_type in ('booked', 'closing')
            and quoted.rate_date <= needed.accounting_date
            and quoted.rate_date >= {{ add_days('needed.accounting_date', -7) }}

),

always as (

    select
        currency,
        functional_currency,
        accounting_date,
        {{ start_of_time() }} as known_from,
        {{ end_of_time() }} as known_to
    from needed

),

epoch as (

    {{ knowledge_epochs(
        ['currency', 'functional_currency', 'accounting_date'], ['always', 'candidate']
    ) }}

),

final as (

    select
        epoch.currency,
        epoch.functional_currency,
        epoch.accounting_date,
        epoch.known_from,
        epoch.known_to,
        candidate.rate
    from epoch
    left join candidate
        on
            epoch.currency = candidate.currency
            and epoch.functional_currency = candidate.functional_currency
            and epoch.accounting_date = candidate.accounting_date
            and candidate.known_from <= epoch.known_from
            and candidate.known_to > epoch.known_from
    qualify row_number() over (
        partition by epoch.currency, epoch.functional_currency, epoch.accounting_date,
            epoch.known_from
        order by candidate.type_no nulls last, candidate.direction_no, candidate.rate_date desc
    ) = 1

)

select * from final
