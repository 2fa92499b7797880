{{ config(materialized='table') }}

{#- How each party pays, as known at each month end, from one month end until the next. A party with
    several customers is the one of them that paid and owed most. Of a customer on board before the
    history begins nobody knows what it was billed and paid then: it is as old as it has been on
    board, and the documents that it paid count from a year of history on. -#}
with

evaluated as (

    select
        party_id,
        as_of_day,
        company_code,
        customer_id,
        late_days_recent,
        late_days_before,
        trend_days,
        trend_p_value,
        late_days_amount_reporting,
        late_days_item_count,
        payment_gap_p90_days,
        first_billed_on,
        paid_document_count_ever,
        is_new_customer
    from {{ ref('mart_payment_behaviour') }}
    where window_name = '90_days' and not is_intragroup

),

of_party as (

    select *
    from evaluated
    qualify row_number() over (
        partition by party_id, as_of_day
        order by late_days_amount_reporting desc nulls last, company_code, customer_id
    ) = 1

),

horizon as (

    select min(month_start) as first_day
    from {{ ref('int_kpi__month') }}

),

month as (

    select
        period_end,
        coalesce(next_period_end, {{ end_of_days() }}) as next_period_end
    from {{ ref('int_kpi__month') }}

),

final as (

    select
        of_party.party_id,
        of_party.as_of_day as effective_from,
        month.next_period_end as effective_to,
        of_party.late_days_recent,
        of_party.late_days_before,
        of_party.trend_days,
        of_party.trend_p_value,
        of_party.late_days_amount_reporting as late_days_amount,
        of_party.late_days_item_count as late_item_count,
        of_party.payment_gap_p90_days,
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
    inner join month
        on of_party.as_of_day = month.period_end

)

select * from final
