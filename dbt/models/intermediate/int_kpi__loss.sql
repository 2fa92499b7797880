{{ config(materialized='table') }}

{#- Write-offs less recoveries up to each period end on what was billed in its last 12 months: the
    vintage that the bad-debt ratio divides by its own sales. -#}
with

month as (

    select * from {{ ref('int_kpi__month') }}

),

loss_of as (

    {{ by_dimension(
        ref('int_kpi__flow'), ['month_start', 'posting_month'], ['write_off', 'recovery']
    ) }}

),

final as (

    select
        loss_of.dimension,
        loss_of.dimension_value,
        month.period_end,
        sum(loss_of.write_off - loss_of.recovery) as vintage_loss
    from loss_of
    inner join month as happened
        on loss_of.month_start = happened.month_start
    inner join month as billed
        on loss_of.posting_month = billed.month_start
    inner join month
        on
            month.month_no >= happened.month_no
            and month.month_no >= billed.month_no
            and month.month_no < billed.month_no + 12
    where loss_of.write_off <> 0 or loss_of.recovery <> 0
    group by loss_of.dimension, loss_of.dimension_value, month.period_end

)

select * from final
