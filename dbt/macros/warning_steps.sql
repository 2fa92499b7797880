{#- When a warning opens, rises, falls and closes, from what its rule says of every day (policy section 3).

    Belongs here: hysteresis over intervals. Must not: rules and measures (warning_rules.sql).

    The days of a subject and rule are intervals that follow each other without a gap, each in one of three states: the
    rule opens (`is_open`), it closes (`is_closing`), or neither; never both. From them, as a machine that looks at every
    day would find:
    - the warning opens on the day on which `is_open` has held for enter_days days, and closes on the day on which
      `is_closing` has held for close_days days: so it is open or closed as the last of these days says;
    - on each day of a stretch its level is the highest that the rule gave within it in the last fall_days days: it rises
      at once and falls after so many days on a lower level;
    - stretches with at most reopen_days days between them are one episode.
    Sorting and running sums only: the cost follows the intervals, not the days. -#}

{#- One row per change of an episode: subject, subject_key, rule_id, episode_no, stretch_no, day, level (0 = closed). `state` has subject,
    subject_key, rule_id, effective_from, effective_to, is_open, is_closing, level (1 to 3) and the four numbers of days. -#}
{% macro warning_steps(state) %}
{%- set subject = ['subject', 'subject_key', 'rule_id'] -%}
{%- set days = ['enter_days', 'close_days', 'fall_days', 'reopen_days'] -%}
with

judged as (

    select
        *,
        case when is_open then 'open' when is_closing then 'closing' else 'between' end
            as state
    from {{ state }}
    where effective_from <= {{ as_of() }}

),

compared as (

    select
        *,
        case when state = lag(state) over along then 0 else 1 end as is_new_state,
        case when level = lag(level) over along then 0 else 1 end as is_new_level
    from judged
    window along as (partition by {{ subject | join(', ') }} order by effective_from)

),

numbered as (

    select
        *,
        sum(is_new_state) over along as state_no,
        sum(is_new_level) over along as level_no
    from compared
    window along as (
        partition by {{ subject | join(', ') }}
        order by effective_from
        rows between unbounded preceding and current row
    )

),

spell as (

    select
        {{ subject | join(', ') }},
        state,
        {% for column in days -%}
        max({{ column }}) as {{ column }},
        {% endfor -%}
        min(effective_from) as began_on,
        max(effective_to) as ended_on
    from numbered
    where state <> 'between'
    group by {{ subject | join(', ') }}, state, state_no

),

-- the day on which a state has held long enough
turn as (

    select
        *,
        {{ add_days('began_on', "case when state = 'open' then enter_days else close_days end - 1") }}
            as day
    from spell

),

turned as (

    select
        *,
        lag(state) over (partition by {{ subject | join(', ') }} order by day) as state_before
    from turn
    where day < ended_on and day <= {{ as_of() }}

),

-- of several turns to one side the first counts; closed is what everything begins with
stretch_end as (

    select
        *,
        lead(day) over (partition by {{ subject | join(', ') }} order by day) as next_day
    from turned
    where state <> coalesce(state_before, 'closing')

),

stretch as (

    select
        {{ (subject + days) | join(', ') }},
        day as opened_on,
        next_day as closed_on,
        coalesce(next_day, {{ add_days(as_of(), 1) }}) as stretch_end,
        row_number() over (partition by {{ subject | join(', ') }} order by day) as stretch_no,
        lag(next_day) over (partition by {{ subject | join(', ') }} order by day)
            as closed_before
    from stretch_end
    where state = 'open'

),

episode as (

    select
        *,
        sum(
            case
                when opened_on <= {{ add_days('closed_before', 'reopen_days') }} then 0
                else 1
            end
        ) over (
            partition by {{ subject | join(', ') }}
            order by opened_on
            rows between unbounded preceding and current row
        ) as episode_no
    from stretch

),

level_spell as (

    select
        {{ subject | join(', ') }},
        level,
        min(effective_from) as began_on,
        max(effective_to) as ended_on
    from numbered
    where level > 1
    group by {{ subject | join(', ') }}, level, level_no

),

-- how long at least such a level is held for the sake of one such spell
held as (

    {% for level in [2, 3] -%}
    select
        {{ qualified('episode', subject) }},
        episode.stretch_no,
        {{ level }} as level,
        greatest(level_spell.began_on, episode.opened_on) as held_from,
        least(
            {{ add_days(
                'least(level_spell.ended_on, episode.stretch_end)', 'episode.fall_days - 1'
            ) }},
            episode.stretch_end
        ) as held_to
    from episode
    inner join level_spell
        on
            {{ equal_key('episode', 'level_spell', subject) }}
            and level_spell.began_on < episode.stretch_end
            and level_spell.ended_on > episode.opened_on
    where level_spell.level >= {{ level }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

lined_up as (

    select
        *,
        max(held_to) over (
            partition by {{ subject | join(', ') }}, stretch_no, level
            order by held_from
            rows between unbounded preceding and 1 preceding
        ) as held_before
    from held

),

held_no as (

    select
        *,
        sum(case when held_from <= held_before then 0 else 1 end) over (
            partition by {{ subject | join(', ') }}, stretch_no, level
            order by held_from
            rows between unbounded preceding and current row
        ) as held_no
    from lined_up

),

raised as (

    select
        {{ subject | join(', ') }},
        stretch_no,
        min(held_from) as held_from,
        max(held_to) as held_to
    from held_no
    group by {{ subject | join(', ') }}, stretch_no, level, held_no

),

change as (

    select
        {{ subject | join(', ') }}, stretch_no, opened_on as day, 1 as change
    from episode
    union all
    select
        {{ subject | join(', ') }}, stretch_no, held_from as day, 1 as change
    from raised
    union all
    select
        {{ subject | join(', ') }}, stretch_no, held_to as day, -1 as change
    from raised

),

changed as (

    select
        {{ subject | join(', ') }},
        stretch_no,
        day,
        sum(change) as change
    from change
    group by {{ subject | join(', ') }}, stretch_no, day

),

levelled as (

    select
        {{ subject | join(', ') }},
        stretch_no,
        day,
        change,
        sum(change) over (
            partition by {{ subject | join(', ') }}, stretch_no
            order by day
            rows between unbounded preceding and current row
        ) as level
    from changed

),

final as (

    select
        {{ qualified('episode', subject) }},
        episode.episode_no,
        episode.stretch_no,
        levelled.day,
        levelled.level
    from episode
    inner join levelled
        on {{ equal_key('episode', 'levelled', subject + ['stretch_no']) }}
    -- what is held until the end ends with it
    where levelled.change <> 0 and levelled.day < episode.stretch_end
    union all
    select
        {{ subject | join(', ') }},
        episode_no,
        stretch_no,
        closed_on as day,
        0 as level
    from episode
    where closed_on is not null

)

select * from final
{% endmacro %}
