{{ config(materialized='table') }}

{#- Open items and credits of class trade per party with the days on which they stood,
    as believed now. -#}
with

final as (

    {{ risk_positions('now') | indent(4) }}

)

select * from final
