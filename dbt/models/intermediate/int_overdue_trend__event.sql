{{ config(materialized='table') }}

{#- Changes of the balance per bucket and day, class trade, on current knowledge. A rectangle of the
    interval table adds its amount on its first day and takes it away when it ends; either goes to
    the bucket of its age on that day. From then on everything with one basis date moves together:
    on the day it becomes old enough for the next bucket, what is open then leaves the one and
    enters the other. So a change of a balance meets one bucket of each scheme and not all, and the
    cost of growing older follows days, not items. -#}
with

customer_scope as (

    select * from {{ ref('int_overdue_trend__customer') }}

),

balance as (

    select
        customer_scope.scope_key,
        balance.due_date,
        balance.original_due_date,
        balance.age_anchor_date,
        balance.posting_date,
        balance.effective_from,
        balance.effective_to,
        balance.open_amount_document,
        balance.open_amount_functional,
        balance.open_amount_document < 0
        or (balance.open_amount_document = 0 and balance.open_amount_functional < 0) as is_credit,
        case when balance.is_unconverted then 1 else 0 end as unconverted_count
    from {{ ref('fct_open_item_balance') }} as balance
    inner join customer_scope
        on
            balance.company_code = customer_scope.company_code
            and balance.customer_id = customer_scope.customer_id
            and balance.currency = customer_scope.currency
    where
        balance.receivable_class = 'trade'
        and balance.known_to = {{ end_of_time() }}
        and balance.effective_from <= {{ as_of() }}

),

step as (

    {% for sign, day in [('', 'effective_from'), ('-', 'effective_to')] -%}
    select
        scope_key,
        due_date,
        original_due_date,
        age_anchor_date,
        posting_date,
        is_credit,
        {{ day }} as day,
        {{ sign }}open_amount_document as amount_document,
        {{ sign }}coalesce(open_amount_functional, 0) as amount_functional,
        {{ sign }}unconverted_count as unconverted_count
    from balance
    where {{ day }} <= {{ as_of() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

bucket as (

    select * from {{ ref('int_aging_bucket') }}

),

-- what is owed is in the bucket of its age, what is owing the other way in that of credits
aged_bucket as (

    select *
    from bucket
    where bucket <> 'unapplied'

),

basis as (

    select distinct basis
    from bucket

),

-- One sum per basis, not one over all four dates: pairs of a day and one date are few however many
-- items there are, while days with four dates are nearly as many as the items. A credit is unapplied
-- on every basis and at every age, so its dates need not be kept apart.
daily as (

    select
        step.scope_key,
        basis.basis,
        step.is_credit,
        step.day,
        case when step.is_credit then {{ as_of() }}
            else {{ aging_basis_date('basis.basis', 'step') }} end as basis_date,
        cast(sum(step.amount_document) as decimal(18, 2)) as amount_document,
        cast(sum(step.amount_functional) as decimal(18, 2)) as amount_functional,
        cast(sum(step.unconverted_count) as int) as unconverted_count
    from step
    cross join basis
    group by
        step.scope_key, basis.basis, step.is_credit, step.day,
        case when step.is_credit then {{ as_of() }}
            else {{ aging_basis_date('basis.basis', 'step') }} end
    having sum(step.amount_document) <> 0 or sum(step.amount_functional) <> 0
        or sum(step.unconverted_count) <> 0

),

-- Ages at which anything leaves or enters a bucket.
turn as (

    select
        basis,
        unit,
        lower_bound as age
    from aged_bucket
    where lower_bound is not null
    union distinct
    select
        basis,
        unit,
        upper_bound + 1 as age
    from aged_bucket
    where upper_bound is not null

),

-- Younger than the first turn, and older than the last, is all one age.
age_range as (

    select
        aged_bucket.basis,
        aged_bucket.unit,
        -- a scheme without an edge has one bucket for every age
        coalesce(min(turn.age), 1) - 1 as youngest,
        coalesce(max(turn.age), 0) as oldest
    from aged_bucket
    left join turn
        on aged_bucket.basis = turn.basis and aged_bucket.unit = turn.unit
    group by aged_bucket.basis, aged_bucket.unit

),

entry as (

    select
        daily.scope_key,
        daily.day,
        daily.basis,
        age_range.unit,
        greatest(
            age_range.youngest,
            least(age_range.oldest, {{ age_on('age_range.unit', 'daily.basis_date', 'daily.day') }})
        ) as age,
        sum(daily.amount_document) as amount_document,
        sum(daily.amount_functional) as amount_functional,
        sum(daily.unconverted_count) as unconverted_count
    from daily
    inner join age_range
        on daily.basis = age_range.basis
    where not daily.is_credit
    group by
        daily.scope_key, daily.day, daily.basis, age_range.unit,
        greatest(
            age_range.youngest,
            least(age_range.oldest, {{ age_on('age_range.unit', 'daily.basis_date', 'daily.day') }})
        )

),

basis_day as (

    select
        scope_key,
        basis,
        basis_date,
        min(day) as first_day
    from daily
    where not is_credit
    group by scope_key, basis, basis_date

),

-- What is open before the day of a turn turns; what comes on that day enters at its new age.
along as (

    select
        basis_day.scope_key,
        basis_day.basis,
        basis_day.basis_date,
        {{ first_day_of_age('turn.unit', 'basis_day.basis_date', 'turn.age') }} as day,
        turn.unit,
        turn.age,
        cast(0 as decimal(18, 2)) as amount_document,
        cast(0 as decimal(18, 2)) as amount_functional,
        0 as unconverted_count
    from basis_day
    inner join turn
        on
            basis_day.basis = turn.basis
            and {{ first_day_of_age('turn.unit', 'basis_day.basis_date', 'turn.age') }}
            > basis_day.first_day
            and {{ first_day_of_age('turn.unit', 'basis_day.basis_date', 'turn.age') }}
            <= {{ as_of() }}
    union all
    select
        scope_key,
        basis,
        basis_date,
        day,
        cast(null as {{ dbt.type_string() }}) as unit,
        cast(null as int) as age,
        amount_document,
        amount_functional,
        unconverted_count
    from daily
    where not is_credit

),

turning as (

    select
        scope_key,
        basis,
        day,
        unit,
        age,
        sum(amount_document) over before as amount_document,
        sum(amount_functional) over before as amount_functional,
        sum(unconverted_count) over before as unconverted_count
    from along
    window before as (
        partition by scope_key, basis, basis_date
        order by day, case when age is null then 1 else 0 end
        rows between unbounded preceding and current row
    )

),

turned as (

    select
        scope_key,
        basis,
        day,
        unit,
        age,
        sum(amount_document) as amount_document,
        sum(amount_functional) as amount_functional,
        sum(unconverted_count) as unconverted_count
    from turning
    where age is not null
    group by scope_key, basis, day, unit, age
    having sum(amount_document) <> 0 or sum(amount_functional) <> 0 or sum(unconverted_count) <> 0

),

event as (

    select
        daily.scope_key, bucket.bucket_key, daily.day, daily.amount_document,
        daily.amount_functional, daily.unconverted_count
    from daily
    inner join bucket
        on daily.basis = bucket.basis
    where daily.is_credit and bucket.bucket = 'unapplied'
    union all
    select
        entry.scope_key, bucket.bucket_key, entry.day, entry.amount_document,
        entry.amount_functional, entry.unconverted_count
    from entry
    inner join aged_bucket as bucket
        on
            entry.basis = bucket.basis
            and entry.unit = bucket.unit
            and coalesce(entry.age >= bucket.lower_bound, true)
            and coalesce(entry.age <= bucket.upper_bound, true)
    union all
    {% for sign, edge in [('', 'bucket.lower_bound'), ('-', 'bucket.upper_bound + 1')] -%}
    select
        turned.scope_key,
        bucket.bucket_key,
        turned.day,
        {{ sign }}turned.amount_document as amount_document,
        {{ sign }}turned.amount_functional as amount_functional,
        {{ sign }}turned.unconverted_count as unconverted_count
    from turned
    inner join aged_bucket as bucket
        on
            turned.basis = bucket.basis
            and turned.unit = bucket.unit
            and turned.age = {{ edge }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        scope_key,
        bucket_key,
        day,
        cast(sum(amount_document) as decimal(18, 2)) as amount_document,
        cast(sum(amount_functional) as decimal(18, 2)) as amount_functional,
        cast(sum(unconverted_count) as bigint) as unconverted_count
    from event
    group by scope_key, bucket_key, day

)

select * from final
