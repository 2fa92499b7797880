{{ config(materialized='table') }}

{#- The common measures of risk (policy section 1) of every party on every day on which one can
    change, as known on that day, so that a figure of the past knows of nothing that was learnt
    behind it (DECISIONS 41). -#}
with

final as (

    {{ risk_measures('then') | indent(4) }}

)

select * from final
