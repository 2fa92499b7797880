{{ config(materialized='table') }}

{#- All that a rule about an item may look at, side by side over time (macro warning_subjects). -#}
with

final as (

    {{ warning_measured('item') }}

)

select * from final
