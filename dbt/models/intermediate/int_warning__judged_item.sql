{{ config(materialized='table') }}

{#- What each rule about an item says of it over time (macro warning_judged). -#}
with

final as (

    {{ warning_judged('item') }}

)

select * from final
