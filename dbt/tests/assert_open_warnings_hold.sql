{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- A warning that is open has not met its closing condition for as many days running as its rule asks for,
-- has an owner and a sentence, and its rule is in the policy in the version that it names.
with

long_closing as (

    select
        warning.episode_id,
        'closing' as problem
    from {{ ref('mart_risk_warning') }} as warning
    inner join {{ ref('int_warning__episode') }} as episode
        on warning.episode_id = episode.episode_id
    inner join {{ ref('int_warning__judged') }} as judged
        on {{ equal_key('episode', 'judged', ['subject', 'subject_key', 'rule_id']) }}
    where
        warning.is_open
        and judged.is_closing
        and judged.effective_from <= {{ as_of() }}
        and judged.effective_to > {{ as_of() }}
        and {{ days_between('judged.effective_from', as_of()) }} + 1 >= judged.close_days

),

never_opened as (

    select
        episode.episode_id,
        'condition' as problem
    from {{ ref('int_warning__episode') }} as episode
    left join {{ ref('int_warning__judged') }} as judged
        on
            {{ equal_key('episode', 'judged', ['subject', 'subject_key', 'rule_id']) }}
            and judged.is_open
            and episode.first_seen_on >= judged.effective_from
            and episode.first_seen_on < judged.effective_to
    where judged.rule_id is null

),

unsaid as (

    select
        warning.episode_id,
        'message' as problem
    from {{ ref('mart_risk_warning') }} as warning
    where
        warning.message_zh is null
        or warning.message_en is null
        or warning.owner_roles is null

),

unruled as (

    select
        warning.episode_id,
        'rule' as problem
    from {{ ref('mart_risk_warning') }} as warning
    left join {{ policy_table('policy_warning_rule') }} as rule
        on warning.rule_id = rule.rule_id and warning.policy_version = rule.policy_version
    where rule.rule_id is null

),

-- every episode is published, and its last step is what it says
lost as (

    select
        episode.episode_id,
        'published' as problem
    from {{ ref('int_warning__episode') }} as episode
    left join {{ ref('mart_risk_warning') }} as warning
        on episode.episode_id = warning.episode_id
    left join (
        select
            episode_id,
            max_by(severity, day) as severity
        from {{ ref('mart_risk_warning_step') }}
        group by episode_id
    ) as step
        on episode.episode_id = step.episode_id
    where warning.episode_id is null or step.severity is distinct from warning.severity

),

final as (

    select * from long_closing
    union all
    select * from never_opened
    union all
    select * from unsaid
    union all
    select * from unruled
    union all
    select * from lost

)

select * from final
