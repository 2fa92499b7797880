{{ config(materialized='table') }}

{#- What came in for each promise that names no document: receipts of the customer, each counted once.
    What no promise took in time serves those that fell short, the longest lapsed first:
    (`late_from`, `late_to`] is the stretch of that money (int_promise__unserved) which makes one up,
    whether it has come in yet or not. -#}
{%- set account = ['company_code', 'customer_id', 'currency'] -%}
with

late_before as (

    select
        in_time.company_code,
        in_time.promise_id,
        sum(case when unserved.received_on <= in_time.counts_until then unserved.amount_document
            else 0 end) as at_begins,
        sum(unserved.amount_document) as at_ends
    from {{ ref('int_promise__in_time') }} as in_time
    inner join {{ ref('int_promise__unserved') }} as unserved
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
    from {{ ref('int_promise__in_time') }} as in_time
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
        ) as received_today,
        cast(late.late_to - late.shortfall as decimal(18, 2)) as late_from,
        cast(late.late_to as decimal(18, 2)) as late_to
    from {{ ref('int_promise__in_time') }} as in_time
    left join late
        on in_time.company_code = late.company_code and in_time.promise_id = late.promise_id

)

select * from final
