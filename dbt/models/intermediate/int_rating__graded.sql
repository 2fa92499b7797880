{{ config(materialized='table') }}

{#- The grade of each party at each evaluation, with the one before and what decided it, in force
    from the evaluation until the next: [effective_from, effective_to). Whoever has no score is
    unrated, but keeps a grade that is worse than that: data that are missing make nobody
    better. -#}
with

grade as (

    select * from {{ ref('int_rating__grade') }}

),

month as (

    select
        month_no,
        coalesce(next_period_end, {{ end_of_days() }}) as next_period_end
    from {{ ref('int_kpi__month') }}

),

stood as (

    select
        judged.*,
        standing.standing_rung,
        case
            when coalesce(judged.own_rung, judged.decided_rung) is not null
                or stood_on.order_no > judged.unrated_order_no then stood_on.grade
            else judged.unrated_grade
        end as grade
    from {{ ref('int_rating__judged') }} as judged
    inner join {{ ref('int_rating__standing') }} as standing
        on judged.party_id = standing.party_id and judged.month_no = standing.month_no
    left join grade as stood_on
        on standing.standing_rung = stood_on.rung_no

),

compared as (

    select
        *,
        lag(grade) over along as previous_grade,
        lag(decided_rung) over along as previous_decided_rung
    from stood
    window along as (partition by party_id order by month_no)

),

-- of the caps that leave the grade the worst one says why
cap as (

    select
        party_id,
        month_no,
        max_by(
            condition,
            coalesce(best_order_no, 0) * 100
            -- of those that leave the same the one that says most
            - case condition when 'insolvency' then 0 when 'dishonest_debtor' then 1
                when 'default' then 2 when 'long_overdue' then 3 when 'dishonoured_bill' then 4
                when 'group_default' then 5 when 'new_customer' then 6 else 7 end
        ) as condition,
        max(case when steps_lower > 0 then condition end) as lowering_condition
    from {{ ref('int_rating__capped') }}
    group by party_id, month_no

),

ranked as (

    select
        compared.*,
        own.order_no as order_no,
        before.order_no as previous_order_no,
        cap.condition as worst_cap,
        cap.lowering_condition,
        worst.order_no as cap_order_no
    from compared
    inner join grade as own
        on compared.grade = own.grade
    left join grade as before
        on compared.previous_grade = before.grade
    left join cap
        on compared.party_id = cap.party_id and compared.month_no = cap.month_no
    left join grade as worst
        on compared.cap_grade = worst.grade

),

reasoned as (

    select
        ranked.*,
        ranked.day as effective_from,
        month.next_period_end as effective_to,
        case
            when ranked.previous_grade is null then 'first'
            when ranked.grade = ranked.previous_grade then 'same'
            when ranked.grade = ranked.unrated_grade then 'unrated'
            when ranked.previous_grade = ranked.unrated_grade then 'rated'
            when ranked.order_no > ranked.previous_order_no then 'down'
            else 'up'
        end as change,
        case
            when ranked.decided_rung is not null then 'manual'
            when ranked.own_rung is null and ranked.grade <> ranked.unrated_grade then 'kept'
            when ranked.own_rung is null then 'unrated'
            when ranked.standing_rung > ranked.own_rung then 'climbing'
            when ranked.cap_order_no = ranked.order_no
                and (ranked.score_rung is null or ranked.score_rung < ranked.own_rung) then 'cap'
            when ranked.score_rung < ranked.own_rung then 'lowered'
            else 'score'
        end as decided_by
    from ranked
    inner join month
        on ranked.month_no = month.month_no

),

-- the cap that decided, else the component that cost most
final as (

    select
        reasoned.*,
        {% for language in ['zh', 'en'] -%}
        case reasoned.decided_by when 'cap' then worst.label_{{ language }}
            when 'lowered' then lowering.label_{{ language }} end as cap_{{ language }},
        component.label_{{ language }} as component_{{ language }}{{ ',' if not loop.last }}
        {% endfor %}
    from reasoned
    left join {{ ref('int_rating__component') }} as component
        on reasoned.main_component = component.component
    left join {{ ref('int_rating__cap') }} as worst
        on reasoned.worst_cap = worst.condition
    left join {{ ref('int_rating__cap') }} as lowering
        on reasoned.lowering_condition = lowering.condition

)

select * from final
