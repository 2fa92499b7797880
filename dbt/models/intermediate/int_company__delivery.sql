{{ config(materialized='table') }}

{#- The moments at which a company's knowledge grew, each with the business date that its delivery covered. -#}
with

final as (

    select
        load_company.company_code,
        load.known_at,
        max(load.business_date) as business_date
    from {{ source('landing', 'load') }} as load
    inner join {{ source('landing', 'load_company') }} as load_company
        on load.load_id = load_company.load_id
    group by load_company.company_code, load.known_at

)

select * from final
