{{ config(materialized='table') }}

{#- What each rule about a pool says of it over time (macro warning_judged). -#}
with

final as (

    {{ warning_judged('pool') }}

)

select * from final
