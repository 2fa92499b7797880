{#- The months that metrics are struck on: each ends with its last day, the running one with the
    as-of date. -#}
with

month as (

    select
        month_start,
        max(day) as period_end,
        max(day) = max(month_end) as is_complete
    from {{ ref('dim_date') }}
    where day <= {{ as_of() }}
    group by month_start

),

numbered as (

    select
        month_start,
        period_end,
        lead(period_end) over (order by month_start) as next_period_end,
        {{ days_between('month_start', 'period_end') }} + 1 as days_in_month,
        is_complete,
        row_number() over (order by month_start) as month_no
    from month

),

final as (

    select
        *,
        {% for months in [1, 3, 12] -%}
        sum(days_in_month) over (
            order by month_no
            rows between {{ months - 1 }} preceding and current row
        ) as days_in_{{ months }}{{ ',' if not loop.last }}
        {% endfor %}
    from numbered

)

select * from final
