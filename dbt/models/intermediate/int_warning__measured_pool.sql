{{ config(materialized='table') }}

{#- All that a rule about a pool may look at, side by side over time (macro warning_subjects). -#}
with

final as (

    {{ warning_measured('pool') }}

)

select * from final
