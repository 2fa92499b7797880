{{ config(materialized='table') }}

{#- Closing rate into the reporting currency for every day from the first movement to the as-of
    date, per company and currency of its items, credit limits, insurance covers and accounts of its
    customers, on current knowledge (L13): the last quotation at most 7 days old; direct, else
    inverse, else through the company's functional currency; NULL where none. IAS 21.23(a). -#}
with

quoted as (

    select
        from_currency,
        to_currency,
        direction_no,
        rate_date,
        rate,
        lead(rate_date) over (
            partition by from_currency, to_currency, direction_no
            order by rate_date
        ) as next_rate_date
    from {{ ref('int_fx_rate__quoted') }}
    where rate_type = 'closing' and known_to = {{ end_of_time() }}

),

day as (

    select distinct day
    from {{ ref('dim_date') }}
    where day <= {{ as_of() }}

),

-- A quotation serves until the next one, at most 7 days.
daily as (

    select
        quoted.from_currency,
        quoted.to_currency,
        day.day,
        min_by(quoted.rate, quoted.direction_no) as rate
    from quoted
    inner join day
        on
            day.day >= quoted.rate_date
            and day.day <= {{ add_days('quoted.rate_date', 7) }}
            and (quoted.next_rate_date is null or day.day < quoted.next_rate_date)
    group by quoted.from_currency, quoted.to_currency, day.day

),

pair as (

    select distinct
        company_code,
        currency,
        functional_currency
    from {{ ref('int_voucher__posted') }}
    {% for entity in ['credit_limit', 'insurance_cover', 'financial_statement'] -%}
    union distinct
    select
        agreed.company_code,
        coalesce(agreed.currency, company.functional_currency) as currency,
        company.functional_currency
    from {{ ref('stg_landing__' ~ entity) }} as agreed
    inner join {{ ref('int_company') }} as company
        on agreed.company_code = company.company_code
    {% endfor %}
),

final as (

    select
        pair.company_code,
        pair.currency,
        day.day,
        cast(
            case
                when pair.currency = '{{ var("reporting_currency") }}' then 1
                when direct.rate is not null then direct.rate
                when pair.functional_currency = '{{ var("reporting_currency") }}' then null
                else cast(first_leg.rate as decimal(18, 9)) * cast(second_leg.rate
                    as decimal(20, 9))
            end as decimal(28, 12)
        ) as rate_to_reporting
    from pair
    cross join day
    left join daily as direct
        on
            pair.currency = direct.from_currency
            and direct.to_currency = '{{ var("reporting_currency") }}'
            and day.day = direct.day
    left join daily as first_leg
        on
            pair.currency = first_leg.from_currency
            and pair.functional_currency = first_leg.to_currency
            and day.day = first_leg.day
    left join daily as second_leg
        on
            pair.functional_currency = second_leg.from_currency
            and second_leg.to_currency = '{{ var("reporting_currency") }}'
            and day.day = second_leg.day

)

select * from final
