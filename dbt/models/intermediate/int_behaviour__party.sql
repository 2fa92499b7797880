{{ config(materialized='table') }}

{#- How each party pays, as known at each month end and on the as-of date. A party with several
    customers is the one of them that paid and owed most. Of a customer on board before the history
    begins nobody knows what it was billed and paid then: it is as old as it has been on board, and
    the documents that it paid count from a year of history on. -#}
{%- set of_window = {
    '90_days': ['late_days_amount_reporting', 'late_days_item_count'],
    '12_months': ['late_days', 'late_days_reason', 'median_days_late']
} -%}
with

evaluated as (

    select
        party_id,
        as_of_day,
        company_code,
        customer_id,
        -- the same in each window
        {% for column in ['late_days_recent', 'late_days_before', 'trend_days', 'trend_reason',
            'trend_p_value', 'payment_gap_p90_days', 'last_paid_on', 'overdue_item_count',
            'first_billed_on', 'paid_document_count_ever'] -%}
        max({{ column }}) as {{ column }},
        {% endfor -%}
        {% for window_name, columns in of_window.items() -%}
        max(case when window_name = '{{ window_name }}' then 1 else 0 end) = 1
            as has_{{ window_name }},
        {% for column in columns -%}
        max(case when window_name = '{{ window_name }}' then {{ column }} end)
            as {{ column }}_{{ window_name }},
        {% endfor -%}
        {% endfor -%}
        max(late_days_amount_reporting) as largest_amount
    from {{ ref('mart_payment_behaviour') }}
    where not is_intragroup
    group by party_id, as_of_day, company_code, customer_id

),

of_party as (

    select *
    from evaluated
    qualify row_number() over (
        partition by party_id, as_of_day
        order by
            late_days_amount_reporting_90_days desc nulls last, largest_amount desc nulls last,
            company_code, customer_id
    ) = 1

),

horizon as (

    select min(month_start) as first_day
    from {{ ref('int_kpi__month') }}

),

final as (

    select
        of_party.party_id,
        of_party.as_of_day,
        of_party.company_code,
        of_party.customer_id,
        of_party.late_days_recent,
        of_party.late_days_before,
        of_party.trend_days,
        of_party.trend_reason,
        of_party.trend_p_value,
        of_party.payment_gap_p90_days,
        of_party.last_paid_on,
        of_party.overdue_item_count,
        of_party.has_90_days,
        of_party.late_days_amount_reporting_90_days as late_days_amount_recent,
        of_party.late_days_item_count_90_days as late_item_count_recent,
        of_party.has_12_months,
        of_party.late_days_12_months as late_days_year,
        of_party.late_days_reason_12_months as late_days_year_reason,
        of_party.median_days_late_12_months as median_days_late_year,
        least(
            of_party.first_billed_on, coalesce(customer.onboarded_on, of_party.first_billed_on)
        ) as first_billed_on,
        case
            when customer.onboarded_on < horizon.first_day
                and of_party.as_of_day < {{ add_days('horizon.first_day', 365) }} then null
            else of_party.paid_document_count_ever
        end as paid_document_count
    from of_party
    cross join horizon
    inner join {{ ref('dim_customer') }} as customer
        on
            of_party.company_code = customer.company_code
            and of_party.customer_id = customer.customer_id

)

select * from final
