{{ config(materialized='table') }}

{#- Days between the payment days of a customer in the 12 months up to each evaluation: the smallest
    number of days that 90 % of them do not exceed, and the last payment day. -#}
with

payment_day as (

    {{ with_evaluations(ref('int_behaviour__payment_day')) }}

),

seen as (

    select distinct
        payment_day.customer_no,
        month.month_no,
        payment_day.dated_on
    from payment_day
    inner join {{ ref('int_kpi__month') }} as month
        on
            payment_day.from_no <= month.month_no
            and least(payment_day.to_no, payment_day.dated_no + 12) > month.month_no

),

gap as (

    select
        customer_no,
        month_no,
        dated_on,
        {{ days_between(
            'lag(dated_on) over (partition by customer_no, month_no order by dated_on)', 'dated_on'
        ) }} as days
    from seen

),

counted as (

    select
        customer_no,
        month_no,
        dated_on,
        days,
        row_number() over (partition by customer_no, month_no order by days nulls last) as gap_no,
        count(days) over (partition by customer_no, month_no) as gap_count
    from gap

),

final as (

    select
        customer_no,
        month_no,
        max(gap_count) + 1 as payment_day_count,
        max(dated_on) as last_paid_on,
        min(case when 10 * gap_no >= 9 * gap_count then days end) as gap_p90_days
    from counted
    group by customer_no, month_no

)

select * from final
