{{ config(materialized='table') }}

{#- What each rule about a party says of it over time (macro warning_judged). -#}
with

final as (

    {{ warning_judged('party') }}

)

select * from final
