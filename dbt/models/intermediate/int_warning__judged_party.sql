{{ config(materialized='table') }}

{#- What each rule about a party says of it over time (macro warning_judged). -#}
with

final as (

    {{ warning_judged('party', ref('int_warning__measured_party')) }}

)

select * from final
