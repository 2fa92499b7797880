{{ config(materialized='table') }}

{#- When each warning opened, rose, fell and closed (macro warning_steps), of the rules that look at
    no other warning. -#}
with

judged as (

    {% for subject in warning_subjects() if subject != 'member' -%}
    select
        '{{ subject }}' as subject,
        judged.*
    from {{ ref('int_warning__judged_' ~ subject) }} as judged
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select *
    from (
        {{ warning_steps('judged') }}
    ) as stepped

)

select * from final
