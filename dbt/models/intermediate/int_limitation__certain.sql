{{ config(materialized='table') }}

{#- The certain acts that restarted a period while it ran, in their order: the first that comes after the end
    of the period in force breaks the chain. -#}
with

restart as (

    select * from {{ ref('int_limitation__restart') }}

),

certain as (

    select
        *,
        act_date > greatest(
            first_deadline_date,
            coalesce(lag(deadline_date) over certain_act, first_deadline_date)
        ) as is_too_late
    from restart
    where is_certain
    window certain_act as (
        partition by open_item_id order by act_date, act_kind, source_entity, source_id
    )

),

final as (

    select *
    from certain
    qualify sum(case when is_too_late then 1 else 0 end) over (
        partition by open_item_id
        order by act_date, act_kind, source_entity, source_id
        rows between unbounded preceding and current row
    ) = 0

)

select * from final
