{{ config(materialized='table') }}

{#- Items whose policy due date has changed, with the days on which each was in force: a figure of a
    month must not know of an extension agreed behind it. All others keep the date of their item. -#}
with

attribute as (

    select
        item.open_item_id,
        attribute.due_date,
        attribute.effective_from,
        attribute.effective_to
    from {{ ref('int_open_item__attribute') }} as attribute
    inner join {{ ref('int_open_item__keyed') }} as item
        on attribute.item_key = item.item_key
    where
        attribute.known_to = {{ end_of_time() }}
        and attribute.item_kind not in ('receipt', 'refund')
        and (
            attribute.effective_from > {{ start_of_days() }}
            or attribute.effective_to < {{ end_of_days() }}
        )

),

moved as (

    select open_item_id
    from attribute
    group by open_item_id
    having min(due_date) <> max(due_date)

),

final as (

    select attribute.*
    from attribute
    inner join moved
        on attribute.open_item_id = moved.open_item_id

)

select * from final
