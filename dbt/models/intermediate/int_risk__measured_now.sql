{{ config(materialized='table') }}

{#- The common measures of risk (policy section 1) of every party on every day on which one can
    change, as believed now. -#}
with

final as (

    {{ risk_measures('now') | indent(4) }}

)

select * from final
