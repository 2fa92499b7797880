{{ config(materialized='table') }}

{#- The rung of the ladder on which each party stands at each evaluation. -#}
with

judged as (

    select
        party_id,
        month_no,
        own_rung,
        reach_rung,
        decided_rung
    from {{ ref('int_rating__judged') }}

),

final as (

    {{ standing_rungs('judged', rung_count()) | indent(4) }}

)

select * from final
