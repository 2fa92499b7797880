{{ config(materialized='table') }}

{#- Totals of what is open on the as-of date, from the interval table's build side: the release must
    show the same after it was written, closed and reopened. -#}
with

final as (

    select
        company_code,
        receivable_class,
        currency,
        sum(open_amount_document) as amount_document,
        sum(coalesce(open_amount_functional, 0)) as amount_functional,
        count(*) as item_count
    from {{ ref('int_open_item__current') }}
    group by company_code, receivable_class, currency

)

select * from final
