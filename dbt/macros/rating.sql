{#- Grades (policy section 4): what was measured at each evaluation, and the ladder that grades climb.

    Belongs here: reading steps at evaluations, the rule that grades rise slowly and fall at once. Must not: points, caps
    (policy_score_band, policy_grade_cap), what is measured. -#}

{#- Steps of `relation` ([effective_from, effective_to)) as they stand at each evaluation (int_kpi__month): a row per step and
    month_no that sees it. Steps that end before an evaluation sees them are left out first, so what stands one at a time has
    as many rows as there are evaluations, however many steps it has. -#}
{% macro at_evaluations(relation, columns) %}
select
    {{ qualified('stepped', columns) }},
    month.month_no
from (
    select
        step.*,
        {{ evaluation_no('step.effective_from') }} as from_no,
        {{ evaluation_no('step.effective_to') }} as to_no
    from {{ relation }} as step
    cross join (
        select
            min(month_start) as first_month,
            max(month_no) as last_no
        from {{ ref('int_kpi__month') }}
    ) as horizon
) as stepped
inner join {{ ref('int_kpi__month') }} as month
    on stepped.from_no <= month.month_no and stepped.to_no > month.month_no
where stepped.from_no < stepped.to_no
{% endmacro %}

{#- How many rungs the ladder of the grades in force has. 0 while nothing is built. -#}
{% macro rung_count() %}
    {%- set rungs = [0] -%}
    {%- for row in policy_rows('policy_grade', ['rung_no']) if row.rung_no -%}
        {%- do rungs.append(row.rung_no | int) -%}
    {%- endfor -%}
    {{ return(rungs | max) }}
{% endmacro %}

{#- The rung on which each party stands at each evaluation, 1 the best; NULL before it has ever been rated. `relation` has
    party_id, month_no, and per evaluation, of a ladder of `lowest` rungs:
    - own_rung: the rung of its score after caps; NULL where it is unrated, which moves nobody;
    - reach_rung: the best rung that its score reaches by enough at two month ends running; NULL where none;
    - decided_rung: that of a manual grade in force.
    A rung that is worse than the one before is taken at once; a better one is climbed to by one rung, where that one is in
    reach; a decided one is taken as it is, and climbed on from.

    That is a machine over months: rung(t) = own where own >= rung(t-1), else rung(t-1) - 1 where that is in reach, else
    rung(t-1). Asked per rung k whether a party stands on it or below, it has no memory but the last answer. The answer becomes
    yes when own >= k, or when it stood below k the month before (no climb is longer than a rung); it becomes no when k - 1 is in
    reach and nothing says yes; else it stays. So it is yes where the last yes is not older than the last no: one
    window per rung, from the lowest up, and no recursion. -#}
{% macro standing_rungs(relation, lowest) %}
with

rung_{{ lowest + 1 }} as (

    select
        *,
        false as is_below_{{ lowest + 1 }},
        false as was_below_{{ lowest + 1 }}
    from {{ relation }}

),

{% for rung in range(lowest, 1, -1) -%}
asked_{{ rung }} as (

    select
        *,
        case
            when decided_rung is not null then decided_rung >= {{ rung }}
            else coalesce(own_rung >= {{ rung }}, false) or was_below_{{ rung + 1 }}
        end as becomes_yes_{{ rung }},
        case
            when decided_rung is not null then true
            else coalesce(reach_rung < {{ rung }}, false)
        end as becomes_no_{{ rung }}
    from rung_{{ rung + 1 }}

),

answered_{{ rung }} as (

    select
        *,
        coalesce(
            max(case when becomes_yes_{{ rung }} then month_no end) over along
            >= coalesce(
                max(case when becomes_no_{{ rung }} then month_no end) over along, 0
            ),
            false
        ) as is_below_{{ rung }}
    from asked_{{ rung }}
    window along as (
        partition by party_id
        order by month_no
        rows between unbounded preceding and current row
    )

),

rung_{{ rung }} as (

    select
        *,
        coalesce(
            lag(is_below_{{ rung }}) over (partition by party_id order by month_no), false
        ) as was_below_{{ rung }}
    from answered_{{ rung }}

),

{% endfor -%}
final as (

    select
        party_id,
        month_no,
        case
            when max(
                case when own_rung is not null or decided_rung is not null then 1 else 0 end
            ) over (
                partition by party_id
                order by month_no
                rows between unbounded preceding and current row
            ) = 1
                then 1
                {%- for rung in range(2, lowest + 1) %}
                + case when is_below_{{ rung }} then 1 else 0 end
                {%- endfor %}
        end as standing_rung
    from rung_{{ [lowest + 1, 2] | min }}

)

select * from final
{% endmacro %}
