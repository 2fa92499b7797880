{{ config(materialized='table') }}

{#- What each rule about a group says of it over time (macro warning_judged). -#}
with

final as (

    {{ warning_judged('group') }}

)

select * from final
