{{ config(materialized='table') }}

{#- Open items and credits of class trade per party with the days on which they stood, as known on
    that day, so that a figure of the past knows of nothing that was learnt behind it (DECISIONS
    41). -#}
with

final as (

    {{ risk_positions('then') | indent(4) }}

)

select * from final
