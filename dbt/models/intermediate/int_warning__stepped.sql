{{ config(materialized='table') }}

{#- When each warning opened, rose, fell and closed: those that look at no other warning, and those
    of members of a group, which follow from them. -#}
with

judged as (

    select
        'member' as subject,
        judged.*
    from {{ ref('int_warning__judged_member') }} as judged

),

of_member as (

    {{ warning_steps('judged') }}

),

final as (

    select * from {{ ref('int_warning__stepped_first') }}
    union all
    select * from of_member

)

select * from final
