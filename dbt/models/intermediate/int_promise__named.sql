{{ config(materialized='table') }}

{#- What came in for each promise that names a document: payments on it since the agreement, the lines
    of one agreement in the order of their days. Another agreement about the same document speaks
    about the same money and is judged by itself. -#}
{%- set days = {
    'promised': 'promise.promised_date', 'grace': 'promise.grace_until', 'today': as_of()
} -%}
with

promise as (

    select *
    from {{ ref('int_promise__agreed') }}
    where document_id is not null and is_in_force

),

paid as (

    select
        promise.company_code,
        promise.promise_id,
        {% for name, day in days.items() -%}
        sum(case when payment.paid_on <= {{ day }} then payment.amount_document else 0 end)
            as paid_{{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from promise
    inner join {{ ref('int_promise__payment') }} as payment
        on
            promise.company_code = payment.company_code
            and promise.document_id = payment.document_id
            and (promise.instalment_no is null or promise.instalment_no = payment.instalment_no)
            and promise.currency = payment.currency
            and promise.counts_from <= payment.paid_on
    group by promise.company_code, promise.promise_id

),

final as (

    select
        promise.company_code,
        promise.promise_id,
        {% for name in days -%}
        cast(least(greatest(coalesce(paid.paid_{{ name }}, 0) - promise.amount_before, 0),
            promise.amount) as decimal(18, 2)) as received_{{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from promise
    left join paid
        on promise.company_code = paid.company_code and promise.promise_id = paid.promise_id

)

select * from final
