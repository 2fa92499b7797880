{#- The forward factor of every segment: scenario weights x factors, of the scenarios that name the
    segment, else of those for all (policy section 6 rule 4). -#}
with

typed as (

    select
        segment,
        cast({{ policy_text('weight') }} as decimal(9, 6)) as weight,
        cast({{ policy_text('factor') }} as decimal(9, 6)) as factor,
        {{ policy_approval() }}
    from {{ policy_table('policy_forward_scenario') }}

),

in_force as (

    select
        segment,
        cast(round(sum(weight * factor), 6) as decimal(9, 6)) as forward_factor
    from typed
    where {{ is_in_force() }}
    group by segment

),

final as (

    select
        segment.segment,
        coalesce(own.forward_factor, for_all.forward_factor, 1) as forward_factor
    from {{ ref('int_provision__segment') }} as segment
    left join in_force as own
        on segment.segment = own.segment
    left join in_force as for_all
        on for_all.segment = '*'

)

select * from final
