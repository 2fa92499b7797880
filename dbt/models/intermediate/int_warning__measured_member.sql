{{ config(materialized='table') }}

{#- All that a rule about a member of a group may look at, side by side over time (macro
    warning_subjects). -#}
with

final as (

    {{ warning_measured('member') }}

)

select * from final
