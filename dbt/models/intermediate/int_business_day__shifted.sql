{{ config(materialized='table') }}

{#- Where a period that ends on a day really ends: on that day, or on the next working day (Civil Code
    203, BGB 193; accounting B10). -#}
with

final as (

    select
        country,
        day,
        coalesce(
            min(case when is_business_day then day end) over (
                partition by country
                order by day
                rows between current row and unbounded following
            ),
            day
        ) as shifted_day
    from {{ ref('int_business_day__numbered') }}

)

select * from final
