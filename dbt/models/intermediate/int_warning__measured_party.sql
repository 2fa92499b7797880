{{ config(materialized='table') }}

{#- All that a rule about a party may look at, side by side over time (macro warning_subjects). -#}
with

final as (

    {{ warning_measured('party') }}

)

select * from final
