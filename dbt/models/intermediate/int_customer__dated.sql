{{ config(materialized='table') }}

{#- What a customer was on a day of business: the newest version delivered by then, before the first
    one the first. A handover of staff must not move last year's figures (accounting C12). -#}
{%- set attributes = ['region', 'deal_nature', 'sales_owner', 'collector', 'payment_terms',
    'status'] -%}
with

version as (

    select
        company_code,
        customer_id,
        business_date,
        {% for column in attributes %}{{ column }},
        {% endfor -%}
        known_from
    from {{ ref('stg_landing__customer') }}
    where not is_deleted

),

newest_of_day as (

    select *
    from version
    qualify row_number() over (
        partition by company_code, customer_id, business_date
        order by known_from desc
    ) = 1

),

final as (

    select
        company_code,
        customer_id,
        {% for column in attributes %}{{ column }},
        {% endfor -%}
        case when lag(business_date) over by_customer is null then {{ start_of_days() }}
            else business_date end
            as effective_from,
        business_date as told_on,
        coalesce(lead(business_date) over by_customer, {{ end_of_days() }}) as effective_to
    from newest_of_day
    window by_customer as (partition by company_code, customer_id order by business_date)

)

select * from final
