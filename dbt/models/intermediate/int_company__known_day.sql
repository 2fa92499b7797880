{{ config(materialized='table') }}

{#- The day on which each moment of knowledge of a company counts for the first time: the business
    date of its delivery, for what is extracted after midnight still reports the day before. A day
    never lies before the one of an earlier delivery, nor behind the as-of date: what the release
    knows it knows on that date. Of what came with the company's first delivery of its ledger, or
    before it, nothing is known of when it was learnt: it counts from the first day of all, and the
    days until then are reconstructed. -#}
with

delivery as (

    select
        company_code,
        known_at,
        least(
            max(business_date) over (
                partition by company_code
                order by known_at
                rows between unbounded preceding and current row
            ),
            {{ as_of() }}
        ) as day,
        closed_through is not null as is_ledger
    from {{ ref('int_company__delivery') }}

),

first_delivery as (

    select
        company_code,
        min(day) as first_day
    from delivery
    where is_ledger
    group by company_code

),

final as (

    select
        delivery.company_code,
        delivery.known_at,
        case when delivery.day <= first_delivery.first_day then {{ start_of_days() }}
            else delivery.day end as known_day,
        first_delivery.first_day as first_known_day
    from delivery
    inner join first_delivery
        on delivery.company_code = first_delivery.company_code

)

select * from final
