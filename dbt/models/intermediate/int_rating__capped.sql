{{ config(materialized='table') }}

{#- What keeps each party from a better grade at each evaluation (policy_grade_cap): a row per cap
    that holds. -#}
with

evaluated as (

    select
        evaluated.*,
        node.group_id
    from {{ ref('int_rating__evaluated') }} as evaluated
    left join {{ ref('int_customer__grouped') }} as node
        on evaluated.party_id = node.customer_key

),

cap as (

    select * from {{ ref('int_rating__cap') }}

),

told as (

    select distinct
        told.party_id,
        told.month_no,
        told.meaning
    from (
        {{ at_evaluations('(
            select
                party_id,
                meaning,
                known_on as effective_from,
                known_until as effective_to
            from ' ~ ref('int_credit_event__judged') ~ '
            where meaning in (\'insolvency\', \'dishonest_debtor\')
        )', ['party_id', 'meaning']) }}
    ) as told

),

dishonoured as (

    select
        returned.party_id,
        returned.day as effective_from,
        {{ add_days('returned.day', 'cap.threshold') }} as effective_to
    from {{ ref('int_payment__returned') }} as returned
    inner join cap
        on cap.condition = 'dishonoured_bill'
    where returned.kind = 'dishonoured'

),

dishonoured_at as (

    {{ at_evaluations('dishonoured', ['party_id']) }}

),

group_defaults as (

    select
        group_id,
        month_no,
        count(*) as default_count
    from evaluated
    where is_in_default
    group by group_id, month_no

),

holding as (

    select
        party_id, month_no, 'default' as condition, cast(null as bigint) as value
    from evaluated
    where is_in_default
    union all
    select party_id, month_no, meaning as condition, null as value
    from told
    union all
    select
        evaluated.party_id,
        evaluated.month_no,
        cap.condition,
        evaluated.overdue_age_days as value
    from evaluated
    inner join cap
        on cap.condition = 'long_overdue' and evaluated.overdue_age_days >= cap.threshold
    union all
    select distinct
        party_id, month_no, 'dishonoured_bill' as condition, cast(null as bigint) as value
    from dishonoured_at
    union all
    select
        evaluated.party_id,
        evaluated.month_no,
        'group_default' as condition,
        group_defaults.default_count
        - case when evaluated.is_in_default then 1 else 0 end as value
    from evaluated
    inner join group_defaults
        on
            evaluated.group_id = group_defaults.group_id
            and evaluated.month_no = group_defaults.month_no
    where
        group_defaults.default_count - case when evaluated.is_in_default then 1 else 0 end > 0
    union all
    select
        party_id, month_no, 'new_customer' as condition, tenure_days as value
    from evaluated
    where
        coalesce(tenure_days < {{ policy_value('new_customer_days') }}, true)
        or paid_document_count < {{ policy_value('new_customer_paid_documents') }}
    union all
    select
        evaluated.party_id, evaluated.month_no, cap.condition, null as value
    from evaluated
    inner join cap
        on
            cap.condition = 'no_accounts'
            and evaluated.exposure >= case cap.floor
                when 'minor' then evaluated.floor_minor
                when 'normal' then evaluated.floor_normal
                else evaluated.floor_major
            end
    where evaluated.accounts_period_end is null
    union all
    select
        evaluated.party_id,
        evaluated.month_no,
        cap.condition,
        evaluated.broken_promise_count as value
    from evaluated
    inner join cap
        on
            cap.condition = 'broken_promises'
            and evaluated.broken_promise_count >= cap.threshold

),

final as (

    select
        holding.party_id,
        holding.month_no,
        holding.condition,
        holding.value,
        cap.steps_lower,
        cap.at_best,
        grade.order_no as best_order_no,
        cap.label_zh,
        cap.label_en,
        cap.policy_version
    from holding
    inner join cap
        on holding.condition = cap.condition
    left join {{ ref('int_rating__grade') }} as grade
        on cap.at_best = grade.grade

)

select * from final
