{{ config(materialized='table') }}

{#- Holidays around the as-of date on which no bank of the company's country works: nothing is paid then. Who pays on a
    Saturday is told by the payments themselves. -#}
with

company as (

    select * from {{ ref('int_company') }}

),

final as (

    select
        company.company_code,
        numbered.day
    from company
    inner join {{ ref('int_business_day__numbered') }} as numbered
        on numbered.country = coalesce(company.country, '(none)')
    where
        not numbered.is_business_day
        and {{ days_between(week_start('numbered.day'), 'numbered.day') }} < 5
        and numbered.day >= {{ add_days(as_of(), -200) }}
        and numbered.day <= {{ add_days(as_of(), 120) }}

)

select * from final
