{{ config(materialized='table') }}

{#- The values behind each warning beside what its rule compares them with. -#}
with

final as (

    {% for subject in warning_subjects() -%}
    {{ warning_values(subject, ref('int_warning__placed_' ~ subject)) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
