{{ config(materialized='table') }}

{#- The moments at which a company's knowledge grew, each with the business date that its delivery
    covered. Only what feeds the ledger closes a day: a bank file that comes hours before the ERP
    extract has not reported the day. -#}
with

load as (

    select
        load_company.company_code,
        load.known_at,
        load.business_date,
        load.entity in ('document', 'instalment', 'receipt', 'allocation', 'bill_event')
            as is_ledger
    from {{ source('landing', 'load') }} as load
    inner join {{ source('landing', 'load_company') }} as load_company
        on load.load_id = load_company.load_id

),

final as (

    select
        company_code,
        known_at,
        max(business_date) as business_date,
        max(case when is_ledger then business_date end) as closed_through
    from load
    group by company_code, known_at

)

select * from final
