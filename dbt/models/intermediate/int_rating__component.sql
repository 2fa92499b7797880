{#- Components of the scorecard in force with their weights (policy section 4). -#}
with

typed as (

    select
        cast(component_no as int) as component_no,
        component,
        cast(weight as decimal(9, 6)) as weight,
        label_zh,
        label_en,
        {{ policy_approval() }}
    from {{ policy_table('policy_scorecard_component') }}

),

final as (

    select *
    from typed
    where {{ is_in_force() }}

)

select * from final
