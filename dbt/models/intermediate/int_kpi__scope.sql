{{ config(materialized='table') }}

{#- Combinations of attributes that balances are summed over, as one number: a balance per item and
    period end has tens of millions of rows. -#}
{%- set attributes = kpi_attributes() + ['currency', 'posting_month'] -%}
with

combination as (

    select distinct {{ attributes | join(', ') }}
    from {{ ref('int_kpi__item') }}

),

final as (

    select
        {{ dense_key(attributes) }} as scope_no,
        {{ attributes | join(', ') }}
    from combination

)

select * from final
