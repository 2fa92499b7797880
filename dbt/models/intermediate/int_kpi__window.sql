{{ config(materialized='table') }}

{#- Months summed over windows of 1, 3 and 12 of them, with the balances at both ends. A window that
    begins before the history is short; nothing is extrapolated. -#}
{%- set payments = [] -%}
{%- for basis in kpi_payment_bases() -%}
{%- for sum in kpi_payment_sums() -%}
{%- do payments.append(basis ~ '_' ~ sum) -%}
{%- endfor -%}
{%- endfor -%}
with

monthly as (

    select * from {{ ref('int_kpi__monthly') }}

),

{% for months in [1, 3, 12] -%}
window_{{ months }} as (

    select
        monthly.*,
        {{ months }} as window_months,
        monthly.month_no - {{ months - 1 }} >= monthly.history_month_no as is_whole,
        monthly.month_no - {{ months }} >= monthly.history_month_no as has_opening,
        month.days_in_{{ months }} as window_days,
        {% for column in kpi_flows() + payments -%}
        sum({{ column }}) over along as {{ column }}_in_window,
        {% endfor -%}
        sum(flow_unconverted_count) over along as flow_unconverted_in_window,
        -- balances at the beginning, and the mean of all period ends with it
        coalesce(lag(debit, {{ months }}) over by_value, 0) as opening_debit,
        coalesce(lag(due_next, {{ months }}) over by_value, 0) as opening_due,
        coalesce(lag(sold, {{ months }}) over by_value, 0) as opening_sold,
        cast(sum(sold) over with_opening as double) / {{ months + 1 }} as average_sold,
        sum(stock_unconverted_count) over with_opening as stock_unconverted_in_window
    from monthly
    inner join {{ ref('int_kpi__month') }} as month
        on monthly.month_no = month.month_no
    window
        by_value as (partition by dimension, dimension_value order by monthly.month_start),
        along as (
            partition by dimension, dimension_value
            order by monthly.month_start
            rows between {{ months - 1 }} preceding and current row
        ),
        with_opening as (
            partition by dimension, dimension_value
            order by monthly.month_start
            rows between {{ months }} preceding and current row
        )

),

{% endfor -%}
final as (

    {% for months in [1, 3, 12] -%}
    select * from window_{{ months }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
