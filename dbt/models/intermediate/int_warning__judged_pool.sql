{{ config(materialized='table') }}

{#- What each rule about a pool says of it over time (macro warning_judged). -#}
with

final as (

    {{ warning_judged('pool', ref('int_warning__measured_pool')) }}

)

select * from final
