{{ config(materialized='table') }}

{#- Insured items near the last day on which a claim may be notified to the insurer: what is open of
    each, day by day for the 30 days before. The cover is the one in force on the document date; the
    days of its policy count from the policy due date. As believed now, at the rate of the day. -#}
with

cover as (

    {{ current_version('insurance_cover') }}

),

item as (

    select
        item.open_item_id,
        item.company_code,
        item.customer_id,
        item.document_id,
        item.currency,
        item.document_date,
        min({{ add_days('item.due_date', 'cover.notification_days') }}) as deadline_date
    from {{ ref('fct_open_item') }} as item
    inner join cover
        on
            item.company_code = cover.company_code
            and item.customer_id = cover.customer_id
            and item.document_date >= cover.valid_from
            and (cover.valid_to is null or item.document_date <= cover.valid_to)
            and cover.notification_days is not null
    where
        item.is_current
        and item.receivable_class = 'trade'
        and item.item_kind in ('invoice', 'debit_note')
    group by
        item.open_item_id, item.company_code, item.customer_id, item.document_id, item.currency,
        item.document_date

),

activity as (

    {{ current_version('collection_activity') }}

),

notified as (

    select
        item.open_item_id,
        min(cast(activity.happened_at as date)) as notified_on
    from item
    inner join activity
        on
            item.company_code = activity.company_code
            and item.customer_id = activity.customer_id
            and (activity.document_id is null or item.document_id = activity.document_id)
            -- what names no document speaks of those that there were
            and cast(activity.happened_at as date) >= item.document_date
    where
        activity.stage in ('insurer_notified', '已报损')
        or activity.outcome in ('insurer_notified', '已报损')
    group by item.open_item_id

),

unpaid as (

    select
        item.*,
        balance.effective_from,
        balance.effective_to,
        balance.open_amount_document
    from item
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            item.open_item_id = balance.open_item_id
            and balance.known_to = {{ end_of_time() }}
            and balance.open_amount_document > 0
            and balance.effective_from <= {{ as_of() }}
            and balance.effective_to > {{ add_days('item.deadline_date', -30) }}
    where {{ add_days('item.deadline_date', -30) }} <= {{ as_of() }}

),

-- the last 30 days one by one, from then on by what changes
day_before as (

    select distinct {{ days_between(as_of(), 'day') }} + 30 as days
    from {{ ref('dim_date') }}
    where day <= {{ as_of() }} and day >= {{ add_days(as_of(), -30) }}

),

cut as (

    select
        open_item_id,
        greatest(effective_from, {{ add_days('deadline_date', -30) }}) as day
    from unpaid
    union distinct
    select
        open_item_id,
        effective_to as day
    from unpaid
    where effective_to <= {{ as_of() }}
    union distinct
    select
        unpaid.open_item_id,
        {{ add_days('unpaid.deadline_date', '-day_before.days') }} as day
    from unpaid
    inner join day_before
        on
            {{ add_days('unpaid.deadline_date', '-day_before.days') }} > unpaid.effective_from
            and {{ add_days('unpaid.deadline_date', '-day_before.days') }} < unpaid.effective_to
    union distinct
    -- a month after it nothing can be saved any more
    select
        open_item_id,
        {{ add_days('deadline_date', 31) }} as day
    from unpaid
    where
        {{ add_days('deadline_date', 31) }} > effective_from
        and {{ add_days('deadline_date', 31) }} < effective_to
    union distinct
    select
        notified.open_item_id,
        notified.notified_on as day
    from notified
    inner join unpaid
        on notified.open_item_id = unpaid.open_item_id
    where notified.notified_on > {{ add_days('unpaid.deadline_date', -30) }}

),

span as (

    select
        open_item_id,
        day as effective_from,
        coalesce(
            lead(day) over (partition by open_item_id order by day), {{ end_of_days() }}
        ) as effective_to
    from cut
    where day <= {{ as_of() }}

),

final as (

    select
        span.open_item_id,
        span.effective_from,
        span.effective_to,
        item.deadline_date as insurer_deadline,
        case when notified.notified_on <= span.effective_from then 1 else 0 end as is_notified,
        coalesce(
            {{ money_times_rate('unpaid.open_amount_document', 'rate.rate_to_reporting') }}, 0
        ) as insured_open_amount
    from span
    inner join item
        on span.open_item_id = item.open_item_id
    left join notified
        on span.open_item_id = notified.open_item_id
    left join unpaid
        on
            span.open_item_id = unpaid.open_item_id
            and span.effective_from >= unpaid.effective_from
            and span.effective_from < unpaid.effective_to
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            item.company_code = rate.company_code
            and item.currency = rate.currency
            and span.effective_from = rate.day

)

select * from final
