{{ config(materialized='table') }}

{#- What each rule about a member of a group says of it over time (macro warning_judged). -#}
with

final as (

    {{ warning_judged('member') }}

)

select * from final
