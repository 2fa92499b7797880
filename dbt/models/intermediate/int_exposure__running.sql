{{ config(materialized='table') }}

{#- Exposure against the limit of every pool that has one, a row from each day on which either
    changed until the next, as believed now. At the closing rate of the as-of date throughout: what
    a rate does in between would give every customer a row a day, and open and close breaches
    nobody made (DECISIONS 32). Events only: one where a balance begins or ends, one where a limit
    does. -#}
with

rate as (

    select *
    from {{ ref('int_fx_rate__closing') }}
    where day = {{ as_of() }}

),

limit_row as (

    select * from {{ ref('int_credit_limit__bound') }}

),

member as (

    select pooled.*
    from {{ ref('int_exposure__pooled') }} as pooled
    inner join (
        select distinct scope, company_code, subject_id
        from limit_row
    ) as limited
        on
            pooled.scope = limited.scope
            and pooled.pool_company_code = limited.company_code
            and pooled.subject_id = limited.subject_id

),

balance as (

    select
        balance.company_code,
        balance.customer_id,
        balance.effective_from,
        balance.effective_to,
        {{ money_times_rate('balance.open_amount_document', 'rate.rate_to_reporting') }} as amount
    from {{ ref('fct_open_item_balance') }} as balance
    left join rate
        on balance.company_code = rate.company_code and balance.currency = rate.currency
    where
        balance.known_to = {{ end_of_time() }}
        and balance.effective_from <= {{ as_of() }}
        and balance.open_amount_document <> 0
        and {{ is_in_exposure('balance.receivable_class') }}

),

step as (

    {% for sign, day in [('', 'effective_from'), ('-', 'effective_to')] -%}
    select
        company_code,
        customer_id,
        {{ day }} as day,
        {{ sign }}coalesce(amount, 0) as amount,
        {{ sign }}case when amount is null then 1 else 0 end as unconverted_count
    from balance
    where {{ day }} <= {{ as_of() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

daily as (

    select
        company_code,
        customer_id,
        day,
        sum(amount) as amount,
        sum(unconverted_count) as unconverted_count
    from step
    group by company_code, customer_id, day
    having sum(amount) <> 0 or sum(unconverted_count) <> 0

),

exposed as (

    select
        company_code,
        customer_id,
        day,
        greatest(sum(amount) over along, 0) as exposure,
        unconverted_count
    from daily
    window along as (
        partition by company_code, customer_id
        order by day
        rows between unbounded preceding and current row
    )

),

-- Credits of one member do not lower what another owes, so members change by their own exposure.
changed as (

    select
        company_code,
        customer_id,
        day,
        exposure - coalesce(
            lag(exposure) over (partition by company_code, customer_id order by day), 0
        ) as exposure,
        unconverted_count
    from exposed

),

event as (

    select
        member.scope,
        member.pool_company_code as company_code,
        member.subject_id,
        changed.day,
        changed.exposure,
        changed.unconverted_count,
        0 as limit_reporting,
        0 as limit_count
    from changed
    inner join member
        on
            changed.company_code = member.company_code
            and changed.customer_id = member.customer_id
    {% for sign, day in [('', 'effective_from'), ('-', 'effective_to')] -%}
    union all
    select
        scope,
        company_code,
        subject_id,
        {{ day }} as day,
        0 as exposure,
        {{ sign }}case when limit_reporting is null then 1 else 0 end as unconverted_count,
        {{ sign }}coalesce(limit_reporting, 0) as limit_reporting,
        {{ sign }}1 as limit_count
    from limit_row
    where {{ day }} <= {{ as_of() }}
    {% endfor %}

),

event_day as (

    select
        scope,
        company_code,
        subject_id,
        day,
        sum(exposure) as exposure,
        sum(unconverted_count) as unconverted_count,
        sum(limit_reporting) as limit_reporting,
        sum(limit_count) as limit_count
    from event
    group by scope, company_code, subject_id, day

),

running as (

    select
        scope,
        company_code,
        subject_id,
        day as effective_from,
        coalesce(
            lead(day) over (partition by scope, company_code, subject_id order by day),
            {{ end_of_days() }}
        ) as effective_to,
        sum(exposure) over along as exposure,
        sum(unconverted_count) over along as unconverted_count,
        case when sum(limit_count) over along > 0 then sum(limit_reporting) over along end
            as limit_reporting
    from event_day
    window along as (
        partition by scope, company_code, subject_id
        order by day
        rows between unbounded preceding and current row
    )

),

judged as (

    select
        *,
        -- strictly above; exactly at the limit is none (accounting C9)
        case when unconverted_count = 0 then coalesce(exposure > limit_reporting, false) end
            as is_breached
    from running

),

begun as (

    select
        *,
        case
            when is_breached and not coalesce(lag(is_breached) over along, false)
                then effective_from
        end as breach_begins_on
    from judged
    window along as (partition by scope, company_code, subject_id order by effective_from)

),

final as (

    select
        scope,
        company_code,
        subject_id,
        effective_from,
        effective_to,
        cast(exposure as decimal(18, 2)) as exposure,
        cast(limit_reporting as decimal(18, 2)) as limit_reporting,
        cast(unconverted_count as bigint) as unconverted_count,
        is_breached,
        case when is_breached then max(breach_begins_on) over (
            partition by scope, company_code, subject_id
            order by effective_from
            rows between unbounded preceding and current row
        ) end as breached_since
    from begun

)

select * from final
