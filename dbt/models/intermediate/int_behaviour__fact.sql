{{ config(materialized='table') }}

{#- What behaviour is summed of, per customer, day of the fact and days on which it stood and was
    believed: payments, items by their last payment, payment days, what was billed, disputes by the
    day on which they were opened, promises by the last day of their grace. A promise is judged on
    present knowledge and not known before it was first delivered. -#}
{%- set sums = behaviour_sums() -%}
{%- set key = ['customer_no', 'dated_on', 'day_from', 'day_to'] -%}
with

customer as (

    select * from {{ ref('int_behaviour__customer') }}

),

paid as (

    select
        customer_no,
        paid_on as dated_on,
        day_from,
        day_to,
        case when is_excluded then 0 else 1 end as payment_count,
        case when is_excluded then 0 else amount end as paid_amount,
        case when is_excluded then 0 else cast(amount as decimal(28, 2)) * days_late end
            as late_amount_days,
        case when is_excluded then 0 else cast(amount as decimal(28, 2)) * days_to_pay end
            as pay_amount_days,
        case when is_excluded then 0 else days_late end as days_late_sum,
        case when is_excluded then 0 else days_late * days_late end as days_late_squared_sum,
        case when not is_excluded and days_late > 0 then 1 else 0 end as late_count,
        case when not is_excluded and days_late > 0 then amount else 0 end as late_amount,
        case when is_excluded then 1 else 0 end as excluded_payment_count,
        case when not is_excluded and amount is null then 1 else 0 end as unconverted_count,
        case when not is_excluded and basis = 'clearing_date' then 1 else 0 end
            as clearing_date_count
    from {{ ref('int_behaviour__paid') }}

),

item as (

    select
        {{ key | join(', ') }},
        case when is_settled then 0 else is_counted end as paid_item_count,
        case when is_settled then 1 else 0 end as settled_item_count,
        case when is_settled then amount else 0 end as settled_amount,
        case when is_settled and payment_count > 1 then 1 else 0 end as part_paid_item_count,
        case when is_document_paid then 1 else 0 end as paid_document_count,
        case when is_discount_offered then 1 else 0 end as discount_offered_count,
        case when is_discount_taken then 1 else 0 end as discount_taken_count
    from {{ ref('int_behaviour__item') }}

),

payment_day as (

    select
        {{ key | join(', ') }},
        1 as payment_day_count,
        case when is_last_business_days then 1 else 0 end as last_business_days_count,
        case when is_last_calendar_days then 1 else 0 end as last_calendar_days_count
    from {{ ref('int_behaviour__payment_day') }}

),

document as (

    select *
    from {{ ref('fct_open_item') }}
    where item_kind in ('invoice', 'debit_note', 'credit_note')

),

invoiced as (

    select
        document.company_code,
        document.customer_id,
        document.currency,
        document.document_date as dated_on,
        movement.effective_date,
        {{ end_of_days() }} as always_to,
        movement.amount_document,
        movement.known_from,
        movement.known_to
    from {{ ref('fct_receivable_movement') }} as movement
    inner join document
        on movement.open_item_id = document.open_item_id
    where
        movement.allocation_id is null
        and movement.movement_kind <> 'class_transfer'
        and movement.amount_document <> 0
        and movement.effective_date <= {{ as_of() }}

),

invoiced_then as (

    {{ believed(
        'then', 'invoiced',
        ['company_code', 'customer_id', 'currency', 'dated_on', 'amount_document'],
        'effective_date', 'always_to'
    ) }}

),

raised as (

    select
        dispute.company_code,
        dispute.document_id,
        dispute.instalment_no,
        dispute.amount,
        dispute.opened_on as dated_on,
        {{ end_of_days() }} as always_to,
        dispute.known_from,
        dispute.known_to
    from {{ ref('stg_landing__dispute') }} as dispute
    where not dispute.is_deleted and dispute.opened_on <= {{ as_of() }}

),

raised_then as (

    {{ believed(
        'then', 'raised', ['company_code', 'document_id', 'instalment_no', 'amount', 'dated_on'],
        'dated_on', 'always_to'
    ) }}

),

contested as (

    select
        raised.company_code,
        item.customer_id,
        item.currency,
        raised.dated_on,
        raised.day_from,
        raised.day_to,
        least(coalesce(raised.amount, sum(item.original_amount_document)),
            sum(item.original_amount_document)) as amount_document
    from raised_then as raised
    inner join {{ ref('fct_open_item') }} as item
        on
            raised.company_code = item.company_code
            and raised.document_id = item.document_id
            and (raised.instalment_no is null or raised.instalment_no = item.instalment_no)
    where item.item_kind not in ('receipt', 'refund', 'bill')
    group by
        raised.company_code, item.customer_id, item.currency, raised.dated_on, raised.day_from,
        raised.day_to, raised.amount, raised.document_id, raised.instalment_no

),

{% for relation, source, columns in [
    ('billed', 'invoiced_then', {'billed_amount': none}),
    ('dispute', 'contested', {'dispute_count': '1', 'disputed_amount': none})
] -%}
{{ relation }} as (

    select
        customer.customer_no,
        dated.dated_on,
        dated.day_from,
        dated.day_to,
        {% for column, expression in columns.items() -%}
        {{ expression or 'coalesce(' ~ money_times_rate(
            'dated.amount_document', 'rate.rate_to_reporting'
        ) ~ ', 0)' }} as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ source }} as dated
    inner join customer
        on dated.company_code = customer.company_code and dated.customer_id = customer.customer_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            dated.company_code = rate.company_code
            and dated.currency = rate.currency
            and dated.dated_on = rate.day

),

{% endfor -%}
first_known as (

    select
        company_code,
        promise_id,
        min(known_from) as known_from,
        {{ end_of_time() }} as known_to
    from {{ ref('stg_landing__promise') }}
    group by company_code, promise_id

),

promised as (

    select
        judged.company_code,
        judged.customer_id,
        judged.grace_until as dated_on,
        {{ end_of_days() }} as always_to,
        judged.status,
        first_known.known_from,
        first_known.known_to
    from {{ ref('int_promise__judged') }} as judged
    inner join first_known
        on
            judged.company_code = first_known.company_code
            and judged.promise_id = first_known.promise_id
    where
        judged.status in ('kept', 'kept_late', 'partial', 'broken')
        and judged.grace_until <= {{ as_of() }}

),

promised_then as (

    {{ believed(
        'then', 'promised', ['company_code', 'customer_id', 'dated_on', 'status'], 'dated_on',
        'always_to'
    ) }}

),

promise as (

    select
        customer.customer_no,
        promised.dated_on,
        promised.day_from,
        promised.day_to,
        1 as promise_count,
        case when promised.status = 'kept' then 1 else 0 end as promise_kept_count
    from promised_then as promised
    inner join customer
        on
            promised.company_code = customer.company_code
            and promised.customer_id = customer.customer_id

),

everything as (

    {% for relation in sums -%}
    {%- set outer = loop -%}
    select
        {{ key | join(', ') }},
        {% for other, columns in sums.items() -%}
        {%- set last_relation = loop.last -%}
        {% for column in columns -%}
        {{ column if other == relation else '0' }} as {{ column }}
        {{- ',' if not (loop.last and last_relation) }}
        {% endfor -%}
        {% endfor %}
    from {{ relation }}
    {{ 'union all' if not outer.last }}
    {% endfor %}

),

final as (

    select
        {{ key | join(', ') }},
        {% for columns in sums.values() -%}
        {%- set last_relation = loop.last -%}
        {% for column in columns -%}
        cast(coalesce(sum({{ column }}), 0)
            as {{ 'bigint' if column.endswith('_count') or column.startswith('days_late')
            else 'decimal(28, 2)' }}) as {{ column }}{{ ',' if not (loop.last and last_relation) }}
        {% endfor -%}
        {% endfor %}
    from everything
    group by {{ key | join(', ') }}

)

select * from final
