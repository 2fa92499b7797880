{{ config(materialized='table') }}

{#- int_roll_rate__sliced, all customers together. -#}
{%- set key = [
    'months_back', 'company_code', 'segment', 'currency', 'variant', 'pair_no', 'start_day', 'end_day',
    'bucket', 'bucket_no',
] -%}
with

final as (

    select
        {{ key | join(', ') }},
        cast(sum(amount_document) as decimal(18, 2)) as amount_document,
        {% for part in outcome_parts() -%}
        cast(sum({{ part }}_document) as decimal(18, 2)) as {{ part }}_document,
        {% endfor -%}
        cast(sum(observation_count) as bigint) as observation_count,
        cast(sum(item_count) as bigint) as item_count
    from {{ ref('int_roll_rate__sliced') }}
    group by {{ key | join(', ') }}

)

select * from final
