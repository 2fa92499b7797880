{{ config(materialized='table') }}

{#- Sales-weighted ("true") DSO: each month's unpaid share of its own sales, times its days, summed.
    Independent of how sales grow, which the simple one is not. A month with open items and without
    positive sales has no share. -#}
with

summed as (

    select
        period_end,
        posting_month,
        currency,
        {{ kpi_attributes() | join(', ') }},
        cast(sum(sold_dated_document) as decimal(18, 2)) as sold_document
    from {{ ref('int_kpi__balance') }}
    where sold_dated_document <> 0
    group by period_end, posting_month, currency, {{ kpi_attributes() | join(', ') }}

),

converted as (

    select
        summed.period_end,
        summed.posting_month,
        {{ qualified('summed', kpi_attributes()) }},
        coalesce({{ money_times_rate('summed.sold_document', 'rate.rate_to_reporting') }}, 0)
            as open_amount
    from summed
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            summed.company_code = rate.company_code
            and summed.currency = rate.currency
            and summed.period_end = rate.day

),

open_of as (

    {{ by_dimension('converted', ['period_end', 'posting_month'], ['open_amount']) }}

),

final as (

    select
        open_of.dimension,
        open_of.dimension_value,
        open_of.period_end,
        sum(open_of.open_amount) as open_amount,
        sum(origin.sales) as sales,
        case when min(coalesce(origin.sales, 0)) > 0 then round(sum(
            cast(open_of.open_amount as double) * (
                {{ days_between('origin.month_start',
                    'least(origin.period_end, open_of.period_end)') }} + 1
            ) / cast(origin.sales as double)
        ), 6) end as days
    from open_of
    left join {{ ref('int_kpi__monthly') }} as origin
        on
            open_of.dimension = origin.dimension
            and open_of.dimension_value = origin.dimension_value
            and open_of.posting_month = origin.month_start
    group by open_of.dimension, open_of.dimension_value, open_of.period_end

)

select * from final
