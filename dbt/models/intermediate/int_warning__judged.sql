{{ config(materialized='view') }}

{#- What each rule says of each subject over time, of the subjects that it ever opens for. -#}
with

final as (

    {% for subject in warning_subjects() -%}
    select
        '{{ subject }}' as subject,
        judged.*
    from {{ ref('int_warning__judged_' ~ subject) }} as judged
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
