{{ config(materialized='table') }}

{#- How each party pays, as known at each month end, from one month end until the next: of parties
    that paid in the last 90 days or owed something late. -#}
with

month as (

    select
        period_end,
        coalesce(next_period_end, {{ end_of_days() }}) as next_period_end
    from {{ ref('int_kpi__month') }}

),

final as (

    select
        behaviour.party_id,
        behaviour.as_of_day as effective_from,
        month.next_period_end as effective_to,
        behaviour.late_days_recent,
        behaviour.late_days_before,
        behaviour.trend_days,
        behaviour.trend_p_value,
        behaviour.late_days_amount_recent as late_days_amount,
        behaviour.late_item_count_recent as late_item_count,
        behaviour.payment_gap_p90_days,
        behaviour.first_billed_on,
        behaviour.paid_document_count
    from {{ ref('int_behaviour__party') }} as behaviour
    inner join month
        on behaviour.as_of_day = month.period_end
    where behaviour.has_90_days

)

select * from final
