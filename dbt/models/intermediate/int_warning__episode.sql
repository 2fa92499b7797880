{{ config(materialized='table') }}

{#- Warnings: one row per episode of a rule and a subject. -#}
with

step as (

    select
        *,
        -- first seen is what an episode is known by: it does not change when the day goes on
        min(day) over (partition by subject, subject_key, rule_id, episode_no) as first_seen_on
    from {{ ref('int_warning__stepped') }}

),

episode as (

    select
        rule_id || '|' || subject_key || '|' || cast(first_seen_on as {{ dbt.type_string() }})
            as episode_id,
        rule_id,
        subject,
        subject_key,
        episode_no,
        first_seen_on,
        -- closed is the last change of an episode that is over
        case when max_by(level, day) = 0 then max(day) end as closed_on,
        max_by(level, day) as level,
        max(level) as worst_level,
        max(day) as changed_on,
        count(distinct stretch_no) as stretch_count
    from step
    group by rule_id, subject, subject_key, episode_no, first_seen_on

),

worst as (

    select
        step.subject,
        step.subject_key,
        step.rule_id,
        step.episode_no,
        min(step.day) as worst_since
    from step
    inner join episode
        on
            {{ equal_key('step', 'episode', ['subject', 'subject_key', 'rule_id', 'episode_no']) }}
            and step.level = episode.worst_level
    group by step.subject, step.subject_key, step.rule_id, step.episode_no

),

-- the last day on which it would have opened: what it says now is what was true then
met as (

    select
        episode.subject,
        episode.subject_key,
        episode.rule_id,
        max({{ add_days('least(judged.effective_to, ' ~ add_days(as_of(), 1) ~ ')', -1) }})
            as last_met_on
    from episode
    inner join {{ ref('int_warning__judged') }} as judged
        on {{ equal_key('episode', 'judged', ['subject', 'subject_key', 'rule_id']) }}
    where episode.closed_on is null and judged.is_open
    group by episode.subject, episode.subject_key, episode.rule_id

),

final as (

    select
        episode.*,
        worst.worst_since,
        case when episode.closed_on is null then met.last_met_on end as last_met_on
    from episode
    left join met
        on {{ equal_key('episode', 'met', ['subject', 'subject_key', 'rule_id']) }}
    inner join worst
        on {{ equal_key('episode', 'worst', ['subject', 'subject_key', 'rule_id', 'episode_no']) }}

)

select * from final
