{{ config(materialized='table') }}

{#- Which stretch of the account's line of money each promise without a document takes in time:
    promises in the order in which they were made, each from where its window begins or the one before
    it ends, whichever is later, up to its amount and not beyond its grace. That is a recursion over
    promises whose windows touch, seldom more than a few. -#}
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
    inner join {{ ref('int_promise__receipt') }} as line
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

final as (

    select
        numbered.*,
        served.served_from,
        served.served_to,
        served.served_to - served.served_from as received_in_time,
        numbered.amount - (served.served_to - served.served_from) as shortfall
    from numbered
    inner join served
        on {{ equal_key('numbered', 'served', account + ['promise_id']) }}

)

select * from final
