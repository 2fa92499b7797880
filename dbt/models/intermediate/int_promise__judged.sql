{{ config(materialized='table') }}

{#- What became of each promise by the as-of date, and why where it was neither kept nor broken. Less
    than count_floor short is kept. -#}
with

received as (

    {% for model in ['int_promise__named', 'int_promise__account'] -%}
    select
        company_code,
        promise_id,
        received_promised,
        received_grace,
        received_today
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

promise as (

    select
        promise.*,
        coalesce(received.received_promised, 0) as received_promised,
        coalesce(received.received_grace, 0) as received_grace,
        coalesce(received.received_today, 0) as received_today,
        least({{ policy_value('count_floor') }}, promise.amount) as tolerance,
        least(promise.grace_until, {{ as_of() }}) as judged_on
    from {{ ref('int_promise__agreed') }} as promise
    left join received
        on
            promise.company_code = received.company_code
            and promise.promise_id = received.promise_id

),

-- what the document still owed on the day on which the promise is judged, and owes today: a payment
-- that bounced since then paid nothing
left_open as (

    select
        promise.company_code,
        promise.promise_id,
        {% for name, day in {'then': 'promise.judged_on', 'now': as_of()}.items() -%}
        sum(
            case
                when balance.effective_from <= {{ day }} and balance.effective_to > {{ day }}
                    then balance.open_amount_document
                else 0
            end
        ) as open_{{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from promise
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            promise.company_code = balance.company_code
            and promise.document_id = balance.document_id
            and (promise.instalment_no is null or promise.instalment_no = balance.instalment_no)
            and balance.item_kind not in ('receipt', 'refund', 'bill')
            and balance.effective_to > promise.judged_on
    where
        promise.is_in_force
        and balance.known_to = {{ end_of_time() }}
        and balance.open_amount_document > 0
    group by promise.company_code, promise.promise_id

),

compared as (

    select
        promise.*,
        promise.document_currency is not null
        and coalesce(greatest(left_open.open_then, left_open.open_now), 0)
        < {{ policy_value('count_floor') }}
            as has_nothing_left
    from promise
    left join left_open
        on
            promise.company_code = left_open.company_code
            and promise.promise_id = left_open.promise_id

),

final as (

    select
        *,
        case
            when not is_in_force then 'cancelled'
            when amount - received_grace < tolerance then 'kept'
            when cancelled_on <= judged_on then 'cancelled'
            when extended_on is not null then 'cancelled'
            when has_nothing_left and received_grace > 0 then 'kept'
            when has_nothing_left then 'cancelled'
            when grace_until >= {{ as_of() }} then 'open'
            when amount - received_today < tolerance then 'kept_late'
            when received_today > 0 then 'partial'
            else 'broken'
        end as status,
        case
            when not is_in_force then 'not_approved'
            when amount - received_grace < tolerance then null
            when cancelled_on <= judged_on then 'withdrawn'
            when extended_on is not null then 'extended'
            when has_nothing_left then 'nothing_left_to_pay'
        end as status_reason
    from compared

)

select * from final
