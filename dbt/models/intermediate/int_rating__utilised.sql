{{ config(materialized='table') }}

{#- The highest utilisation of the limits of each party in the days of the policy before each
    evaluation: of its customers' own limits and of those given to it under all its ids. As
    believed now, at the rate of the as-of date (DECISIONS 32). Limits of 0 have no utilisation, and
    those of a group are no one member's. -#}
with

running as (

    select
        scope,
        company_code,
        subject_id,
        effective_from,
        {{ add_days(
            'least(effective_to, ' ~ add_days(as_of(), 1) ~ ')',
            policy_value('rating_utilisation_days') ~ ' - 1'
        ) }} as seen_until,
        {{ ratio_of('exposure', 'limit_reporting') }} as utilisation
    from {{ ref('int_exposure__running') }}
    where
        effective_from <= {{ as_of() }}
        and scope in ('customer', 'same_customer')
        and unconverted_count = 0
        and limit_reporting > 0

),

-- evaluations that see a step of a few days are a few: steps seen by the same ones are one
numbered as (

    select
        running.scope,
        running.company_code,
        running.subject_id,
        {{ evaluation_no('running.effective_from') }} as from_no,
        {{ evaluation_no('running.seen_until') }} as to_no,
        running.utilisation
    from running
    cross join (
        select
            min(month_start) as first_month,
            max(month_no) as last_no
        from {{ ref('int_kpi__month') }}
    ) as horizon

),

highest as (

    select
        scope,
        company_code,
        subject_id,
        from_no,
        to_no,
        max(utilisation) as utilisation
    from numbered
    where from_no < to_no
    group by scope, company_code, subject_id, from_no, to_no

),

member as (

    {{ pool_parties() }}

),

final as (

    select
        member.party_id,
        month.month_no,
        max(highest.utilisation) as utilisation
    from highest
    inner join member
        on
            highest.scope = member.scope
            and highest.company_code = member.pool_company_code
            and highest.subject_id = member.subject_id
    inner join {{ ref('int_kpi__month') }} as month
        on highest.from_no <= month.month_no and highest.to_no > month.month_no
    group by member.party_id, month.month_no

)

select * from final
