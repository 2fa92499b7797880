{{ config(materialized='table') }}

{#- What each warning about a group looked at when it opened, and looks at on the as-of date (macro
    warning_placed). -#}
with

final as (

    {{ warning_placed('group') }}

)

select * from final
