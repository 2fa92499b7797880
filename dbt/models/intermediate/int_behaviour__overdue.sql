{{ config(materialized='table') }}

{#- Undisputed items of trade that were overdue at an evaluation, as known then, with what credits
    of the same customer and currency leave of them, the oldest policy due date first; at the
    closing rate of the day. -#}
with

month as (

    select
        month_no,
        period_end as day
    from {{ ref('int_kpi__month') }}

),

standing as (

    select
        month.month_no,
        month.day,
        position.*
    from {{ ref('int_risk__open_then') }} as position
    inner join month
        on position.day_from <= month.day and position.day_to > month.day
    where position.amount_document > 0 and (position.is_credit or position.due_date < month.day)

),

credit as (

    select
        month_no,
        company_code,
        customer_id,
        currency,
        sum(amount_document) as credit_amount
    from standing
    where is_credit
    group by month_no, company_code, customer_id, currency

),

lined_up as (

    select
        standing.*,
        coalesce(credit.credit_amount, 0) as credit_amount,
        sum(standing.amount_document) over (
            partition by
                standing.month_no, standing.company_code, standing.customer_id, standing.currency
            order by standing.due_date, standing.open_item_id
            rows between unbounded preceding and current row
        ) as amount_so_far
    from standing
    left join credit
        on
            standing.month_no = credit.month_no
            and standing.company_code = credit.company_code
            and standing.customer_id = credit.customer_id
            and standing.currency = credit.currency
    where not standing.is_credit

),

left_over as (

    select
        *,
        least(amount_document, greatest(amount_so_far - credit_amount, 0)) as overdue_document
    from lined_up
    where amount_so_far > credit_amount

),

final as (

    select
        customer.customer_no,
        left_over.month_no,
        left_over.open_item_id,
        {{ days_between('left_over.due_date', 'left_over.day') }} as days_overdue,
        left_over.overdue_document >= {{ policy_value('count_floor') }} as is_counted,
        coalesce(
            {{ money_times_rate('left_over.overdue_document', 'rate.rate_to_reporting') }}, 0
        ) as overdue_amount,
        rate.rate_to_reporting is null as is_unconverted
    from left_over
    inner join {{ ref('int_behaviour__customer') }} as customer
        on
            left_over.company_code = customer.company_code
            and left_over.customer_id = customer.customer_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            left_over.company_code = rate.company_code
            and left_over.currency = rate.currency
            and left_over.day = rate.day

)

select * from final
