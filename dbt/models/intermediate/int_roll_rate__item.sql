{{ config(materialized='table', sliced=true) }}

{#- The items behind the roll rates of now, of the newest pairs month by month: what stood open on
    the first day of each pair, in which bucket, and what became of it by the last. Of these pairs
    int_roll_rate__sliced is sums over this table, so that a rate and its items cannot differ. -#}
{%- set parts = outcome_parts() -%}
with

followed as (

    {{ roll_rate_followed(has_roll_rate_items()) }}

),

final as (

    select
        months_back,
        variant,
        pair_no,
        start_day,
        end_day,
        open_item_id,
        company_code,
        customer_id,
        segment,
        currency,
        bucket,
        bucket_no,
        is_youngest,
        amount_document,
        {% for part in parts -%}
        {{ part }}{{ ',' if not loop.last }}
        {% endfor %}
    from followed

)

select * from final
