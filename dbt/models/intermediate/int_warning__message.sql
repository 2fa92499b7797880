{{ config(materialized='table') }}

{#- What each warning says, in both languages. -#}
with

final as (

    {% for subject in warning_subjects() -%}
    {{ warning_messages(subject, ref('int_warning__placed_' ~ subject)) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
