{{ config(materialized='table') }}

{#- Median and 90th percentile of days to pay and days late, by number of payments: the smallest
    number of days that so large a part of them does not exceed. -#}
with

payment as (

    select *
    from {{ ref('int_kpi__payment') }}
    where not is_excluded

),

month as (

    select * from {{ ref('int_kpi__month') }}

),

{% for measure in ['days_to_pay', 'days_late'] -%}
{{ measure }}_of as (

    {{ by_dimension('payment', ['basis', 'month_start', measure], ['payment_count']) }}

),

{% endfor -%}
{% for months in [3, 12] -%}
{% for measure in ['days_to_pay', 'days_late'] -%}
{{ measure }}_{{ months }} as (

    select
        '{{ measure }}' as metric,
        {{ months }} as window_months,
        counted.basis,
        counted.dimension,
        counted.dimension_value,
        month.period_end,
        counted.{{ measure }} as days,
        sum(counted.payment_count) as payment_count
    from {{ measure }}_of as counted
    inner join month as paid_month
        on counted.month_start = paid_month.month_start
    inner join month
        on
            month.month_no >= paid_month.month_no
            and month.month_no < paid_month.month_no + {{ months }}
    group by
        counted.basis, counted.dimension, counted.dimension_value, month.period_end,
        counted.{{ measure }}

),

{% endfor -%}
{% endfor -%}
counted as (

    {% for months in [3, 12] -%}
    {% for measure in ['days_to_pay', 'days_late'] -%}
    select * from {{ measure }}_{{ months }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

ranked as (

    select
        *,
        sum(payment_count) over (
            partition by metric, window_months, basis, dimension, dimension_value, period_end
            order by days
            rows between unbounded preceding and current row
        ) as count_so_far,
        sum(payment_count) over (
            partition by metric, window_months, basis, dimension, dimension_value, period_end
        ) as count_of_all
    from counted

),

final as (

    select
        metric,
        window_months,
        basis,
        dimension,
        dimension_value,
        period_end,
        max(count_of_all) as payment_count,
        min(case when 2 * count_so_far >= count_of_all then days end) as median_days,
        min(case when 10 * count_so_far >= 9 * count_of_all then days end) as p90_days
    from ranked
    group by metric, window_months, basis, dimension, dimension_value, period_end

)

select * from final
