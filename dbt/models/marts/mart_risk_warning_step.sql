with

final as (

    select
        cast(episode.episode_id as {{ dbt.type_string() }}) as episode_id,
        cast(step.day as date) as day,
        cast(case step.level when 0 then 'closed' when 1 then 'notice' when 2 then 'warning'
            else 'severe' end as {{ dbt.type_string() }}) as severity,
        cast(step.stretch_no as int) as stretch_no
    from {{ ref('int_warning__stepped') }} as step
    inner join {{ ref('int_warning__episode') }} as episode
        on {{ equal_key('step', 'episode', ['subject', 'subject_key', 'rule_id', 'episode_no']) }}

)

select * from final
