{{ config(materialized='table') }}

{#- The limit that the grade of each party allows on the as-of date, with every figure on the way
    (policy section 4): factor x average monthly billing x (terms + days added + days late) / 30,
    not more than its shares of the customer's equity and of all receivables, rounded down.

    The average is that of the last 12 complete months since the party was first billed, the highest
    one left out; with fewer than two there is none, and no limit to recommend. -#}
with

newest as (

    select max(month_no) as month_no
    from {{ ref('int_kpi__month') }}

),

billing_month as (

    select
        month_no,
        month_start,
        max(month_no) over () as last_no
    from {{ ref('int_kpi__month') }}
    where is_complete

),

billed as (

    select
        billed.party_id,
        {{ month_start('billed.document_date') }} as month_start,
        sum(billed.amount) as amount
    from {{ ref('int_billing__valued') }} as billed
    group by billed.party_id, {{ month_start('billed.document_date') }}

),

first_billed as (

    select
        party_id,
        min(month_start) as month_start
    from billed
    group by party_id

),

averaged as (

    select
        first_billed.party_id,
        count(*) as month_count,
        coalesce(sum(billed.amount), 0) as billed_amount,
        max(coalesce(billed.amount, 0)) as highest_amount
    from first_billed
    inner join billing_month
        on
            first_billed.month_start <= billing_month.month_start
            and billing_month.month_no > billing_month.last_no - 12
    left join billed
        on
            first_billed.party_id = billed.party_id
            and billing_month.month_start = billed.month_start
    group by first_billed.party_id

),

accounts as (

    select
        party_id,
        accounts_period_end,
        equity_reporting
    from {{ ref('int_warning__accounts') }}
    where effective_from <= {{ as_of() }} and effective_to > {{ as_of() }}

),

receivable as (

    select debit as group_receivable
    from {{ ref('int_kpi__monthly') }}
    where dimension = 'group' and period_end = {{ as_of() }}

),

graded as (

    select
        graded.party_id,
        graded.grade,
        rule.longest_terms_days,
        rule.limit_factor,
        rule.equity_share,
        rule.policy_version,
        case rule.limit_floor
            when 'minor' then evaluated.floor_minor
            when 'normal' then evaluated.floor_normal
            when 'major' then evaluated.floor_major
        end as most_by_floor,
        evaluated.median_days_late_year as median_days_late,
        least(
            greatest(coalesce(evaluated.median_days_late_year, 0), 0),
            cast({{ policy_value('limit_late_days_most') }} as int)
        ) as late_days_counted
    from {{ ref('int_rating__graded') }} as graded
    inner join newest
        on graded.month_no = newest.month_no
    inner join {{ ref('int_rating__evaluated') }} as evaluated
        on graded.party_id = evaluated.party_id and graded.month_no = evaluated.month_no
    inner join {{ ref('int_rating__grade') }} as rule
        on graded.grade = rule.grade

),

spread as (

    select
        graded.*,
        averaged.month_count,
        averaged.billed_amount,
        averaged.highest_amount,
        case when averaged.month_count > 1 then greatest({{ money_share(
            '(averaged.billed_amount - averaged.highest_amount)', '1', '(averaged.month_count - 1)'
        ) }}, 0) end as average_amount,
        graded.longest_terms_days
        + cast({{ policy_value('limit_extra_days') }} as int) + graded.late_days_counted
            as limit_days,
        accounts.accounts_period_end,
        accounts.equity_reporting,
        receivable.group_receivable
    from graded
    left join averaged
        on graded.party_id = averaged.party_id
    left join accounts
        on graded.party_id = accounts.party_id
    left join receivable
        on true

),

computed as (

    select
        *,
        -- who pays in advance needs none
        case
            when limit_factor = 0 then cast(0 as decimal(18, 2))
            else {{ money_share(
                money_times_rate('average_amount', 'limit_factor'), 'limit_days', '30'
            ) }}
        end as limit_by_billing,
        {{ money_times_rate('greatest(equity_reporting, 0)', 'equity_share') }} as most_by_equity,
        {{ money_times_rate('group_receivable', policy_value('limit_receivable_share')) }}
            as most_by_receivable
    from spread

),

-- what the policy does not ask, or nobody knows, caps nothing
capped as (

    select
        *,
        case when limit_by_billing is not null then least(
            limit_by_billing,
            coalesce(case when equity_reporting is not null then most_by_equity end,
                limit_by_billing),
            coalesce(most_by_receivable, limit_by_billing),
            coalesce(most_by_floor, limit_by_billing)
        ) end as limit_before_rounding
    from computed

),

final as (

    select
        *,
        cast(
            limit_before_rounding
            - limit_before_rounding % {{ policy_value('limit_rounding') }}
            as decimal(18, 2)
        ) as recommended_limit,
        case
            when limit_by_billing is null then 'no_billing_history'
            when limit_factor = 0 then 'prepaid'
            when limit_before_rounding = limit_by_billing then 'billing'
            when limit_before_rounding = most_by_equity then 'equity'
            when limit_before_rounding = most_by_floor then 'unrated'
            else 'receivable'
        end as bound_by
    from capped

)

select * from final
