{{ config(materialized='table') }}

{#- The bucket of every currently open item in every scheme. A negative amount is unapplied whatever
    its age (L14). -#}
with

item as (

    select * from {{ ref('int_open_item__current') }}

),

bucket as (

    select * from {{ ref('int_aging_bucket') }}

),

bucketed as (

    {{ bucketed('item', 'bucket') }}

),

final as (

    select
        open_item_id,
        scheme,
        bucket,
        bucket_no,
        policy_version
    from bucketed

)

select * from final
