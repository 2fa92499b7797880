{{ config(materialized='table') }}

{#- The days on which the provision is worked out (DECISIONS 43): the as-of date, and 12 and 24
    months before it where history reaches back, so that what was expected then can be held against
    what came. Every figure of a day is made of what had happened by then. -#}
with

first_day as (

    select min(day) as day
    from {{ ref('dim_date') }}

),

asked as (

    {% for months_back in [0, 12, 24] -%}
    select
        cast({{ months_back }} as int) as months_back,
        cast({{ add_months(as_of(), '-' ~ months_back) }} as date) as day
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select asked.*
    from asked
    inner join first_day
        on asked.months_back = 0 or first_day.day <= asked.day

)

select * from final
