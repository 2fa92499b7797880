{{ config(materialized='table') }}

{#- What came in for each promise that names no document: receipts of the customer, each counted once.

    Receipts of a customer and currency in the order of their days are one line of money; a promise
    takes a stretch of it. In time: promises in the order in which they were made, each from where
    its window begins or the one before it ends, whichever is later, up to its amount and not beyond
    its grace. That is a recursion over promises whose windows touch, seldom more than a few. What
    no promise took in time serves those that fell short, the longest lapsed first. Receipts that pay
    a document which another promise names, in its window, count there. -#}
{%- set account = ['company_code', 'customer_id', 'currency'] -%}
with recursive

promise as (

    select
        company_code,
        customer_id,
        currency,
        promise_id,
        amount,
        promised_date,
        counts_from,
        agreed_on,
        coalesce(cancelled_on <= grace_until, false) as is_withdrawn,
        least(grace_until, coalesce(cancelled_on, grace_until)) as counts_until
    from {{ ref('int_promise__agreed') }}
    where document_id is null and is_in_force

),

account as (

    select distinct {{ account | join(', ') }}
    from promise

),

-- net of what bounced, on the day it was received
receipt as (

    select
        item.company_code,
        item.customer_id,
        item.currency,
        item.open_item_id,
        item.document_date as received_on,
        -sum(movement.amount_document) as amount_document
    from {{ ref('fct_open_item') }} as item
    inner join account
        on {{ equal_key('item', 'account', account) }}
    inner join {{ ref('fct_receivable_movement') }} as movement
        on item.open_item_id = movement.open_item_id
    where
        item.is_current
        and item.item_kind = 'receipt'
        and movement.known_to = {{ end_of_time() }}
        and movement.effective_date <= {{ as_of() }}
        and movement.allocation_id is null
    group by
        item.company_code, item.customer_id, item.currency, item.open_item_id, item.document_date

),

named as (

    select
        payment.receipt_item_id,
        payment.document_id,
        payment.instalment_no,
        payment.paid_on,
        max(payment.amount_document) as amount_document
    from {{ ref('int_promise__payment') }} as payment
    inner join {{ ref('int_promise__agreed') }} as promise
        on
            payment.company_code = promise.company_code
            and payment.document_id = promise.document_id
            and (promise.instalment_no is null or promise.instalment_no = payment.instalment_no)
            and payment.paid_on >= promise.counts_from
            and payment.paid_on <= promise.grace_until
    where promise.is_in_force and not promise.is_extension
    group by
        payment.receipt_item_id, payment.document_id, payment.instalment_no, payment.paid_on

),

taken as (

    select
        receipt_item_id,
        sum(amount_document) as amount_document
    from named
    group by receipt_item_id

),

free as (

    select
        {{ qualified('receipt', account) }},
        receipt.received_on,
        sum(greatest(receipt.amount_document - coalesce(taken.amount_document, 0), 0))
            as amount_document
    from receipt
    left join taken
        on receipt.open_item_id = taken.receipt_item_id
    group by {{ qualified('receipt', account) }}, receipt.received_on

),

line as (

    select
        *,
        sum(amount_document) over (
            partition by {{ account | join(', ') }}
            order by received_on
            rows between unbounded preceding and current row
        ) as line_to
    from free

),

-- how much money had come in on the days that matter to a promise
reached as (

    select
        promise.company_code,
        promise.promise_id,
        {% for name, until in {
            'begins': add_days('promise.counts_from', -1), 'promised': 'promise.promised_date',
            'ends': 'promise.counts_until'
        }.items() -%}
        max(case when line.received_on <= {{ until }} then line.line_to else 0 end)
            as at_{{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from promise
    inner join line
        on {{ equal_key('promise', 'line', account) }}
    group by promise.company_code, promise.promise_id

),

placed as (

    select
        promise.*,
        row_number() over (
            partition by {{ qualified('promise', account) }}
            order by
                promise.counts_from, promise.agreed_on, promise.promised_date, promise.promise_id
        ) as promise_no,
        coalesce(reached.at_begins, 0) as at_begins,
        coalesce(reached.at_promised, 0) as at_promised,
        coalesce(reached.at_ends, 0) as at_ends
    from promise
    left join reached
        on
            promise.company_code = reached.company_code
            and promise.promise_id = reached.promise_id

),

followed as (

    select
        *,
        max(counts_until) over (
            partition by {{ account | join(', ') }}
            order by promise_no
            rows between unbounded preceding and 1 preceding
        ) as busy_until
    from placed

),

-- promises whose windows touch stand in one queue
queued as (

    select
        *,
        sum(case when counts_from <= busy_until then 0 else 1 end) over (
            partition by {{ account | join(', ') }}
            order by promise_no
            rows between unbounded preceding and current row
        ) as queue_no
    from followed

),

numbered as (

    select
        *,
        row_number() over (
            partition by {{ account | join(', ') }}, queue_no
            order by promise_no
        ) as place_no
    from queued

),

served as (

    select
        {{ account | join(', ') }},
        promise_id,
        queue_no,
        place_no,
        cast(at_begins as decimal(18, 2)) as served_from,
        cast(least(at_begins + amount, greatest(at_ends, at_begins)) as decimal(18, 2)) as served_to
    from numbered
    where place_no = 1
    union all
    select
        {{ qualified('numbered', account) }},
        numbered.promise_id,
        numbered.queue_no,
        numbered.place_no,
        cast(greatest(numbered.at_begins, served.served_to) as decimal(18, 2)) as served_from,
        cast(least(
            greatest(numbered.at_begins, served.served_to) + numbered.amount,
            greatest(numbered.at_ends, numbered.at_begins, served.served_to)
        ) as decimal(18, 2)) as served_to
    from numbered
    inner join served
        on
            {{ equal_key('numbered', 'served', account) }}
            and numbered.queue_no = served.queue_no
            and numbered.place_no = served.place_no + 1

),

in_time as (

    select
        numbered.*,
        served.served_from,
        served.served_to,
        served.served_to - served.served_from as received_in_time,
        numbered.amount - (served.served_to - served.served_from) as shortfall
    from numbered
    inner join served
        on {{ equal_key('numbered', 'served', account + ['promise_id']) }}

),

-- what nobody took in time, day by day
unserved as (

    select
        {{ qualified('line', account) }},
        line.received_on,
        line.amount_document - sum(
            -- the least and the greatest leave NULL out
            case
                when in_time.promise_id is null then 0
                else
                    least(in_time.served_to, line.line_to)
                    - greatest(in_time.served_from, line.line_to - line.amount_document)
            end
        ) as amount_document
    from line
    left join in_time
        on
            {{ equal_key('line', 'in_time', account) }}
            and in_time.served_to > line.line_to - line.amount_document
            and in_time.served_from < line.line_to
    group by
        {{ qualified('line', account) }}, line.received_on, line.line_to, line.amount_document

),

late_before as (

    select
        in_time.company_code,
        in_time.promise_id,
        sum(case when unserved.received_on <= in_time.counts_until then unserved.amount_document
            else 0 end) as at_begins,
        sum(unserved.amount_document) as at_ends
    from in_time
    inner join unserved
        on {{ equal_key('in_time', 'unserved', account) }}
    where in_time.shortfall > 0 and not in_time.is_withdrawn
    group by in_time.company_code, in_time.promise_id

),

-- a queue without closing time: each begins where its own money does, or the one before it ends
late_queue as (

    select
        {{ qualified('in_time', account) }},
        in_time.promise_id,
        in_time.counts_until,
        in_time.shortfall,
        coalesce(late_before.at_begins, 0) as at_begins,
        coalesce(late_before.at_ends, 0) as at_ends,
        sum(in_time.shortfall) over (
            partition by {{ qualified('in_time', account) }}
            order by in_time.counts_until, in_time.promise_no
            rows between unbounded preceding and current row
        ) as shortfall_to
    from in_time
    left join late_before
        on
            in_time.company_code = late_before.company_code
            and in_time.promise_id = late_before.promise_id
    where in_time.shortfall > 0 and not in_time.is_withdrawn

),

late as (

    select
        company_code,
        promise_id,
        shortfall,
        at_ends,
        shortfall_to + max(at_begins - (shortfall_to - shortfall)) over (
            partition by {{ account | join(', ') }}
            order by counts_until, shortfall_to
            rows between unbounded preceding and current row
        ) as late_to
    from late_queue

),

final as (

    select
        in_time.company_code,
        in_time.promise_id,
        cast(greatest(
            least(in_time.at_promised, in_time.served_to) - in_time.served_from, 0
        ) as decimal(18, 2)) as received_promised,
        cast(in_time.received_in_time as decimal(18, 2)) as received_grace,
        cast(
            in_time.received_in_time + coalesce(
                least(greatest(late.at_ends - (late.late_to - late.shortfall), 0), late.shortfall),
                0
            ) as decimal(18, 2)
        ) as received_today
    from in_time
    left join late
        on in_time.company_code = late.company_code and in_time.promise_id = late.promise_id

)

select * from final
