{{ config(materialized='table') }}

{#- How days late lie, per customer and evaluation: median and 90th percentile by number of
    payments, the longest ever, and the ranks of the last 90 days among the 365 before. A payment is
    a count of one number of days for a run of evaluations, so counts are running sums per customer
    and number of days, written out only where they are not 0. What is overdue and open counts among
    the last 90 days at its present age, in the ranks only: it will be later than that. -#}
{%- set counts = {'90': '90_days', '12': '12_months', 'before': '12_months_before', 'all': 'all'} -%}
with

paid as (

    select
        customer_no,
        paid_on as dated_on,
        days_late,
        day_from,
        day_to,
        count(*) as payment_count
    from {{ ref('int_behaviour__paid') }}
    where not is_excluded
    group by customer_no, paid_on, days_late, day_from, day_to

),

fact as (

    {{ with_evaluations('paid') }}

),

step as (

    {% for name, window_name in counts.items() -%}
    {%- set span = behaviour_windows()[window_name] -%}
    {%- set outer = loop -%}
    {% for sign, no in [('', span.from), ('-', span.to)] -%}
    select
        customer_no,
        days_late,
        {{ no }} as month_no,
        {% for other in counts -%}
        {{ (sign ~ 'payment_count') if other == name else '0' }} as count_{{ other }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from fact
    where {{ span.from }} < {{ span.to }}
    {{ 'union all' if not (loop.last and outer.last) }}
    {% endfor -%}
    {% endfor %}

),

monthly as (

    select
        customer_no,
        days_late,
        month_no,
        {% for name in counts -%}
        sum(count_{{ name }}) as count_{{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from step
    group by customer_no, days_late, month_no

),

running as (

    select
        customer_no,
        days_late,
        month_no,
        lead(month_no) over (partition by customer_no, days_late order by month_no)
            as next_month_no,
        {% for name in counts -%}
        sum(count_{{ name }}) over along as count_{{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from monthly
    window along as (
        partition by customer_no, days_late
        order by month_no
        rows between unbounded preceding and current row
    )

),

observed as (

    select
        running.customer_no,
        month.month_no,
        running.days_late as days,
        {% for name in counts -%}
        running.count_{{ name }},
        {% endfor -%}
        0 as count_open
    from running
    inner join {{ ref('int_kpi__month') }} as month
        on
            running.month_no <= month.month_no
            and coalesce(running.next_month_no > month.month_no, true)
    where running.count_all > 0
    union all
    select
        customer_no,
        month_no,
        days_overdue as days,
        {% for name in counts -%}
        0 as count_{{ name }},
        {% endfor -%}
        1 as count_open
    from {{ ref('int_behaviour__overdue') }}
    where is_counted

),

counted as (

    select
        customer_no,
        month_no,
        days,
        {% for name in counts -%}
        sum(count_{{ name }}) as count_{{ name }},
        {% endfor -%}
        sum(count_90 + count_open) as count_recent
    from observed
    group by customer_no, month_no, days

),

lined_up as (

    select
        *,
        {% for name in counts -%}
        sum(count_{{ name }}) over along as count_{{ name }}_so_far,
        sum(count_{{ name }}) over whole as count_{{ name }}_of_all{{ ',' if not loop.last }}
        {% endfor %}
    from counted
    window
        along as (
            partition by customer_no, month_no
            order by days
            rows between unbounded preceding and current row
        ),
        whole as (partition by customer_no, month_no)

),

final as (

    select
        customer_no,
        month_no,
        {% for name in ['90', '12', 'all'] -%}
        min(
            case when count_{{ name }}_of_all > 0
                and 2 * count_{{ name }}_so_far >= count_{{ name }}_of_all then days end
        ) as median_{{ name }},
        min(
            case when count_{{ name }}_of_all > 0
                and 10 * count_{{ name }}_so_far >= 9 * count_{{ name }}_of_all then days end
        ) as p90_{{ name }},
        {% endfor -%}
        max(case when count_all > 0 then days end) as longest_days_late,
        sum(count_recent) as recent_count,
        sum(count_before) as before_count,
        -- pairs in which the recent one is later, ties half
        sum(count_recent * (2 * count_before_so_far - count_before)) as twice_u,
        sum(
            (count_recent + count_before) * (count_recent + count_before)
            * (count_recent + count_before) - (count_recent + count_before)
        ) as tie_sum
    from lined_up
    group by customer_no, month_no

)

select * from final
