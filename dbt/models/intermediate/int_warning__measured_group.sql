{{ config(materialized='table') }}

{#- All that a rule about a group may look at, side by side over time (macro warning_subjects). -#}
with

final as (

    {{ warning_measured('group') }}

)

select * from final
