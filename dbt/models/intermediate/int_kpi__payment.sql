{{ config(materialized='table') }}

{#- Payments by their days, per month in which they were made and dimensions: from the document date
    to the payment, and from the policy due date to it; the difference is the terms, so that paid =
    terms + late, exactly. Payments before the document date and of cash terms are counted apart
    (T46). -#}
{%- set attributes = kpi_attributes() -%}
with

dated as (

    select
        basis,
        {{ attributes | join(', ') }},
        {{ month_start('paid_on') }} as month_start,
        {{ days_between('document_date', 'paid_on') }} as days_to_pay,
        {{ days_between('due_date', 'paid_on') }} as days_late,
        excluded_reason is not null as is_excluded,
        amount
    from {{ ref('int_kpi__paid') }}

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
