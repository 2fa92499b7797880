{{ config(materialized='table') }}

{#- Payments by their days, per month in which they were made and dimensions: from the document date
    to the payment, and from the policy due date to it; the difference is the terms, so that paid =
    terms + late, exactly. An item and what paid it count once, with what is left after undoing.
    Amounts in the reporting currency at the closing rate of the day of payment. Payments before the
    document date are counted apart (T46). -#}
{%- set attributes = kpi_attributes() -%}
with

paid as (

    select
        open_item_id,
        case when means = 'settlement' then 'clearing_date' else 'payment_date' end as basis,
        paid_on,
        due_date,
        sum(amount_document) as amount_document
    from {{ ref('int_kpi__leg') }}
    where means in ('paid', 'settlement')
    group by
        open_item_id,
        case when means = 'settlement' then 'clearing_date' else 'payment_date' end,
        receipt_item_id,
        paid_on,
        due_date
    having sum(amount_document) > 0

),

dated as (

    select
        paid.basis,
        {{ qualified('item', attributes) }},
        {{ month_start('paid.paid_on') }} as month_start,
        {{ days_between('item.document_date', 'paid.paid_on') }} as days_to_pay,
        {{ days_between('paid.due_date', 'paid.paid_on') }} as days_late,
        paid.paid_on < item.document_date or item.is_immediate as is_excluded,
        {{ money_times_rate('paid.amount_document', 'rate.rate_to_reporting') }} as amount
    from paid
    inner join {{ ref('int_kpi__item') }} as item
        on paid.open_item_id = item.open_item_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            item.company_code = rate.company_code
            and item.currency = rate.currency
            and paid.paid_on = rate.day
    where paid.paid_on <= {{ as_of() }}

),

final as (

    select
        basis,
        {{ attributes | join(', ') }},
        month_start,
        case when not is_excluded then days_to_pay end as days_to_pay,
        case when not is_excluded then days_late end as days_late,
        is_excluded,
        cast(count(*) as bigint) as payment_count,
        cast(coalesce(sum(amount), 0) as decimal(18, 2)) as amount,
        cast(sum(case when amount is null then 1 else 0 end) as bigint) as unconverted_count
    from dated
    group by
        basis, {{ attributes | join(', ') }}, month_start,
        case when not is_excluded then days_to_pay end,
        case when not is_excluded then days_late end,
        is_excluded

)

select * from final
