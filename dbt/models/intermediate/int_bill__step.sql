{{ config(materialized='table') }}

{#- What is left of a bill after each step of its life: held, passed on with recourse, come back
    unpaid. State, not path: running sums of what was told, so no order inside a day matters.
    Passed on without recourse it is gone, and what becomes of it then is no concern of ours; what
    ends it takes what is held first. An event has effect up to what is there, the rest is listed
    (mart_data_quality). A bill that came back in full leaves nothing here: its receipt is void.
    What matured in other hands is lapsed; what none of these amounts holds was honoured. -#}
{%- set along = 'over (partition by voucher_key, known_from order by step_no'
    ~ ' rows between unbounded preceding and current row)' -%}
with

told as (

    select
        *,
        sum(case when kind in ('endorsed', 'discounted') and not is_with_recourse then amount
            else 0 end) {{ along }} as told_gone,
        sum(case when kind in ('endorsed', 'discounted') and is_with_recourse then amount
            else 0 end) {{ along }} as told_passed,
        sum(case when kind in ('dishonoured', 'returned') then amount else 0 end) {{ along }}
            as told_back,
        sum(case when kind = 'honoured' then amount else 0 end) {{ along }} as told_paid,
        max(case when kind = 'matured' then 1 else 0 end) {{ along }} as is_matured,
        max(case when kind = 'voided' then 1 else 0 end) {{ along }} as is_receipt_void
    from {{ ref('int_bill__told') }}

),

gone as (

    select
        *,
        least(told_gone, receipt_amount) as gone_amount
    from told

),

passed as (

    select
        *,
        least(told_passed, receipt_amount - gone_amount) as passed_amount,
        least(told_back, receipt_amount - gone_amount) as back_amount
    from gone

),

ended as (

    select
        *,
        back_amount + least(told_paid, receipt_amount - gone_amount - back_amount) as ended_amount,
        receipt_amount - gone_amount - passed_amount as never_passed_amount,
        -- void stays void, whatever is told of the bill afterwards
        max(case when is_receipt_void = 1 or back_amount = receipt_amount then 1 else 0 end)
            {{ along }} = 1 as is_void
    from passed

),

final as (

    select
        voucher_key,
        step_no,
        effective_date,
        told_as,
        is_with_recourse,
        receipt_amount,
        opened_on,
        maturity_date,
        is_void,
        cast(
            case when is_void then 0
                else never_passed_amount - least(ended_amount, never_passed_amount) end
            as decimal(18, 2)
        ) as held_amount,
        cast(
            case when is_void or is_matured = 1 then 0
                else passed_amount - greatest(ended_amount - never_passed_amount, 0) end
            as decimal(18, 2)
        ) as passed_amount,
        cast(case when is_void then 0 else back_amount end as decimal(18, 2)) as back_amount,
        cast(case when is_void then 0 else gone_amount end as decimal(18, 2)) as gone_amount,
        cast(
            case when is_void or is_matured = 0 then 0
                else passed_amount - greatest(ended_amount - never_passed_amount, 0) end
            as decimal(18, 2)
        ) as lapsed_amount,
        cast(
            greatest(told_gone + told_passed - receipt_amount, told_back - receipt_amount, 0)
            as decimal(18, 2)
        ) as excess_amount,
        known_from,
        known_to,
        _load_id,
        _row
    from ended

)

select * from final
