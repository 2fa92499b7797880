{{ config(materialized='table') }}

{#- Cash that nobody applied, or that nobody knows the payer of, per party and as known on the day:
    what is older than 5 business days, what is older than 30 days, and the oldest of it. Intragroup
    customers are in it. At the rate of the day on which the amount came to stand. -#}
with

receipt as (

    select *
    from {{ ref('fct_open_item_balance') }}
    where
        item_kind = 'receipt'
        and receivable_class = 'trade'
        and open_amount_document < 0
        and effective_from <= {{ as_of() }}

),

position as (

    {{ believed('then', 'receipt', [
        'open_item_id', 'company_code', 'customer_id', 'currency', 'document_date',
        'open_amount_document'
    ]) }}

),

aged as (

    select
        customer.party_id,
        position.document_date,
        position.day_from,
        position.day_to,
        {{ add_days('deadline.day', 1) }} as old_from,
        {{ add_days('position.document_date', 31) }} as very_old_from,
        coalesce(
            {{ money_times_rate('-position.open_amount_document', 'rate.rate_to_reporting') }}, 0
        ) as amount
    from position
    inner join {{ ref('dim_customer') }} as customer
        on
            position.company_code = customer.company_code
            and position.customer_id = customer.customer_id
    inner join {{ ref('int_company') }} as company
        on position.company_code = company.company_code
    inner join {{ ref('int_business_day__numbered') }} as today
        on
            today.country = coalesce(company.country, '(none)')
            and today.day = position.document_date
    inner join {{ ref('int_business_day__numbered') }} as deadline
        on
            deadline.country = today.country
            and deadline.is_business_day
            and deadline.business_day_no = today.business_day_no + 5
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            position.company_code = rate.company_code
            and position.currency = rate.currency
            and position.day_from = rate.day

),

old as (

    select
        party_id,
        document_date,
        amount,
        greatest(day_from, old_from) as day_from,
        greatest(day_from, very_old_from) as very_old_day_from,
        day_to
    from aged
    where day_to > old_from and old_from <= {{ as_of() }}

),

change as (

    {% for sign, day in [('', 'day_from'), ('-', 'day_to')] -%}
    select
        party_id,
        {{ day }} as day,
        {{ sign }}amount as unapplied,
        0 as unapplied_30
    from old
    union all
    select
        party_id,
        {{ 'very_old_day_from' if not sign else day }} as day,
        0 as unapplied,
        {{ sign }}amount as unapplied_30
    from old
    where very_old_day_from < day_to
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- what is overdue before credits of those who have such cash
overdue as (

    select
        position.party_id,
        greatest(position.day_from, {{ add_days('position.due_date', 1) }}) as day_from,
        position.day_to,
        coalesce({{ money_times_rate('position.amount_document', 'rate.rate_to_reporting') }}, 0)
            as amount
    from {{ ref('int_risk__open_then') }} as position
    inner join (
        select distinct party_id
        from old
    ) as concerned
        on position.party_id = concerned.party_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            position.company_code = rate.company_code
            and position.currency = rate.currency
            and position.day_from = rate.day
    where not position.is_credit and position.day_to > {{ add_days('position.due_date', 1) }}

),

every_change as (

    select party_id, day, unapplied, unapplied_30, 0 as overdue
    from change
    {% for sign, day in [('', 'day_from'), ('-', 'day_to')] -%}
    union all
    select
        party_id,
        {{ day }} as day,
        0 as unapplied,
        0 as unapplied_30,
        {{ sign }}amount as overdue
    from overdue
    {% endfor %}

),

running as (

    {{ running_sums('every_change', ['party_id'], ['unapplied', 'unapplied_30', 'overdue']) }}

),

oldest as (

    select
        running.party_id,
        running.effective_from,
        min(old.document_date) as document_date
    from running
    inner join old
        on
            running.party_id = old.party_id
            and running.effective_from >= old.day_from
            and running.effective_from < old.day_to
    group by running.party_id, running.effective_from

),

final as (

    select
        running.party_id,
        running.effective_from,
        running.effective_to,
        running.unapplied as unapplied_old,
        running.unapplied_30 as unapplied_old_30,
        least(running.unapplied, running.overdue) as overdue_overstated,
        oldest.document_date as unapplied_since
    from running
    left join oldest
        on
            running.party_id = oldest.party_id
            and running.effective_from = oldest.effective_from

)

select * from final
