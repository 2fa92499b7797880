{{ config(materialized='table') }}

{#- DSO by counting back (domain section 4): the balance less the sales of the newest month, of the
    one before, and so on; each month used up counts its real days, the last one pro rata. A month
    with sales of 0 or less counts its days and takes nothing (accounting C3). NULL where the
    balance is larger than all sales of the history. -#}
with

monthly as (

    select
        dimension,
        dimension_value,
        period_end,
        month_no,
        days_in_month,
        sales,
        greatest(sales, 0) as counted_sales,
        sold,
        sold + bill as sold_with_bills
    from {{ ref('int_kpi__monthly') }}

),

balance as (

    {% for variant, column in [
        ('countback', 'sold'), ('countback_with_bills', 'sold_with_bills')
    ] -%}
    select
        '{{ variant }}' as variant,
        dimension,
        dimension_value,
        period_end,
        month_no,
        {{ column }} as receivable
    from monthly
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

counted as (

    select
        balance.variant,
        balance.dimension,
        balance.dimension_value,
        balance.period_end,
        balance.receivable,
        earlier.days_in_month,
        earlier.sales,
        earlier.counted_sales,
        coalesce(
            sum(earlier.counted_sales) over (
                partition by balance.variant, balance.dimension, balance.dimension_value,
                    balance.month_no
                order by earlier.month_no desc
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as sales_before
    from balance
    inner join monthly as earlier
        on
            balance.dimension = earlier.dimension
            and balance.dimension_value = earlier.dimension_value
            and balance.month_no >= earlier.month_no

),

used as (

    select
        *,
        least(counted_sales, greatest(receivable - sales_before, 0)) as taken
    from counted
    -- the month in which nothing is left any more is not counted
    where receivable > sales_before

),

final as (

    select
        variant,
        dimension,
        dimension_value,
        period_end,
        receivable,
        sum(taken) as counted_sales,
        sum(case when sales <= 0 then 1 else 0 end) as months_without_sales,
        case when sum(taken) = receivable then round(sum(
            case
                when counted_sales = 0 then cast(days_in_month as double)
                else days_in_month * cast(taken as double) / cast(counted_sales as double)
            end
        ), 6) end as days
    from used
    group by variant, dimension, dimension_value, period_end, receivable

)

select * from final
