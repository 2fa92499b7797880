{{ config(materialized='table') }}

{#- Promises and plan lines that each party has broken in the last 90 days, and what of them is
    still missing: for a document not more than it still owes, for an account what no receipt
    since has made up, each receipt counted once. An extension that is not kept is an overdue invoice.
    As believed now. -#}
with

broken as (

    select
        customer.party_id,
        promise.company_code,
        promise.customer_id,
        promise.promise_id,
        promise.document_id,
        promise.instalment_no,
        promise.currency,
        promise.promise_kind,
        promise.promised_date,
        promise.amount,
        promise.received_grace,
        promise.amount - promise.received_grace as shortfall,
        {{ add_days('promise.grace_until', 1) }} as broken_on,
        rate.rate_to_reporting
    from {{ ref('int_promise__judged') }} as promise
    inner join {{ ref('dim_customer') }} as customer
        on
            promise.company_code = customer.company_code
            and promise.customer_id = customer.customer_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            promise.company_code = rate.company_code
            and promise.currency = rate.currency
            and rate.day = {{ add_days('promise.grace_until', 1) }}
    where
        promise.status in ('broken', 'partial', 'kept_late')
        and not promise.is_extension
        and not customer.is_intragroup
        and promise.grace_until < {{ as_of() }}

),

document_step as (

    {% for sign, day in [('', 'effective_from'), ('-', 'effective_to')] -%}
    select
        broken.company_code,
        broken.promise_id,
        greatest(balance.{{ day }}, broken.broken_on) as day,
        {{ sign }}balance.open_amount_document as open_amount
    from broken
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            broken.company_code = balance.company_code
            and broken.document_id = balance.document_id
            and (broken.instalment_no is null or broken.instalment_no = balance.instalment_no)
            and balance.item_kind not in ('receipt', 'refund', 'bill')
            and balance.effective_to > broken.broken_on
    where balance.known_to = {{ end_of_time() }} and balance.open_amount_document > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

document_open as (

    {{ running_sums('document_step', ['company_code', 'promise_id'], ['open_amount']) }}

),

-- money that no promise took in time makes up those that fell short, each stretch of it one of them
account_step as (

    select
        company_code,
        promise_id,
        broken_on as day,
        shortfall as missing
    from broken
    where document_id is null
    union all
    select
        broken.company_code,
        broken.promise_id,
        unserved.received_on as day,
        greatest(account.late_from, unserved.line_to - unserved.amount_document)
        - least(account.late_to, unserved.line_to) as missing
    from broken
    inner join {{ ref('int_promise__account') }} as account
        on
            broken.company_code = account.company_code
            and broken.promise_id = account.promise_id
    inner join {{ ref('int_promise__unserved') }} as unserved
        on
            broken.company_code = unserved.company_code
            and broken.customer_id = unserved.customer_id
            and broken.currency = unserved.currency
            and account.late_from < unserved.line_to
            and account.late_to > unserved.line_to - unserved.amount_document

),

account_missing as (

    {{ running_sums('account_step', ['company_code', 'promise_id'], ['missing']) }}

),

missing as (

    select
        broken.promise_id,
        broken.company_code,
        document_open.effective_from,
        document_open.effective_to,
        least(broken.shortfall, document_open.open_amount) as amount
    from broken
    inner join document_open
        on
            broken.company_code = document_open.company_code
            and broken.promise_id = document_open.promise_id
    union all
    select
        broken.promise_id,
        broken.company_code,
        account_missing.effective_from,
        account_missing.effective_to,
        account_missing.missing as amount
    from broken
    inner join account_missing
        on
            broken.company_code = account_missing.company_code
            and broken.promise_id = account_missing.promise_id

),

change as (

    {% for sign, day in [('', 'effective_from'), ('-', 'effective_to')] -%}
    select
        broken.party_id,
        least(missing.{{ day }}, {{ add_days('broken.broken_on', 90) }}) as day,
        {{ sign }}coalesce({{ money_times_rate('missing.amount', 'broken.rate_to_reporting') }}, 0)
            as shortfall,
        0 as broken_count,
        0 as broken_plan_count
    from broken
    inner join missing
        on
            broken.company_code = missing.company_code
            and broken.promise_id = missing.promise_id
    {{ 'union all' }}
    {% endfor -%}
    {% for sign, day in [('1', 'broken_on'), ('-1', add_days('broken_on', 90))] -%}
    select
        party_id,
        {{ day }} as day,
        0 as shortfall,
        {{ sign }} as broken_count,
        case when promise_kind = 'plan' then {{ sign }} else 0 end as broken_plan_count
    from broken
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

running as (

    {{ running_sums('change', ['party_id'], ['shortfall', 'broken_count', 'broken_plan_count']) }}

),

newest as (

    select
        running.party_id,
        running.effective_from,
        max_by(
            broken.promised_date,
            {{ dated_order('broken.broken_on', ['broken.company_code', 'broken.promise_id']) }}
        ) as promised_date,
        max_by(
            {{ money_times_rate('broken.amount', 'broken.rate_to_reporting') }},
            {{ dated_order('broken.broken_on', ['broken.company_code', 'broken.promise_id']) }}
        ) as promised_amount,
        max_by(
            {{ money_times_rate('broken.received_grace', 'broken.rate_to_reporting') }},
            {{ dated_order('broken.broken_on', ['broken.company_code', 'broken.promise_id']) }}
        ) as received_amount
    from running
    inner join broken
        on
            running.party_id = broken.party_id
            and running.effective_from >= broken.broken_on
            and running.effective_from < {{ add_days('broken.broken_on', 90) }}
    group by running.party_id, running.effective_from

),

final as (

    select
        running.party_id,
        running.effective_from,
        running.effective_to,
        running.shortfall as promise_shortfall,
        running.broken_count as broken_promise_count,
        running.broken_plan_count,
        newest.promised_date,
        newest.promised_amount,
        newest.received_amount
    from running
    left join newest
        on
            running.party_id = newest.party_id
            and running.effective_from = newest.effective_from

)

select * from final
