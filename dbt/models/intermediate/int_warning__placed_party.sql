{{ config(materialized='table') }}

{#- What each warning about a party looked at when it opened, and looks at on the as-of date (macro
    warning_placed). -#}
with

final as (

    {{ warning_placed('party') }}

)

select * from final
