{{ config(materialized='table') }}

{#- Items whose policy due date was ever another one, with the days on which each was in force and
    the days on which that was believed: how late a payment was is told by what was agreed and
    known. -#}
with

attribute as (

    select
        item.open_item_id,
        item.company_code,
        attribute.due_date,
        attribute.effective_from,
        attribute.effective_to,
        {{ start_of_days() }} as always_from,
        {{ end_of_days() }} as always_to,
        attribute.known_from,
        attribute.known_to
    from {{ ref('int_open_item__attribute') }} as attribute
    inner join {{ ref('int_open_item__keyed') }} as item
        on attribute.item_key = item.item_key
    where attribute.item_kind not in ('receipt', 'refund')

),

moved as (

    select open_item_id
    from attribute
    group by open_item_id
    having min(due_date) <> max(due_date)

),

moved_attribute as (

    select attribute.*
    from attribute
    inner join moved
        on attribute.open_item_id = moved.open_item_id

),

final as (

    {{ believed(
        'then', 'moved_attribute',
        ['open_item_id', 'due_date', 'effective_from', 'effective_to'], 'always_from', 'always_to'
    ) }}

)

select * from final
