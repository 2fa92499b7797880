{#- Single figures of the policy that are in force on the as-of date: floors, graces, limits of what
    counts as default. A parameter that the company's own table leaves out keeps its default. -#}
with

own as (

    select
        parameter,
        cast(value as decimal(18, 6)) as value,
        unit,
        1 as source_no,
        {{ policy_approval() }}
    from {{ policy_table('policy_parameter') }}

),

shipped as (

    select
        parameter,
        cast(value as decimal(18, 6)) as value,
        unit,
        2 as source_no,
        {{ policy_approval() }}
    from {{ ref('policy_parameter') }}

),

offered as (

    select * from own
    union all
    select * from shipped

),

in_force as (

    select *
    from offered
    where {{ is_in_force() }}

),

final as (

    select
        parameter,
        value,
        unit,
        policy_version
    from in_force
    qualify row_number() over (
        partition by parameter
        order by source_no, valid_from desc nulls last
    ) = 1

)

select * from final
