{{ config(materialized='table') }}

{#- Facts summed per customer, window and evaluation that sees anything: two steps per fact and
    window, one running sum, and what stands between two steps written out for its months. -#}
{%- set columns = behaviour_sums().values() | sum(start=[]) -%}
with

fact as (

    {{ with_evaluations(ref('int_behaviour__fact')) }}

),

seen as (

    {% for name, span in behaviour_windows().items() -%}
    select
        '{{ name }}' as window_name,
        {{ span.from }} as seen_from_no,
        {{ span.to }} as seen_to_no,
        *
    from fact
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

step as (

    {% for sign, no in [('', 'seen_from_no'), ('-', 'seen_to_no')] -%}
    select
        customer_no,
        window_name,
        {{ no }} as month_no,
        {{ sign }}1 as fact_count,
        {% for column in columns -%}
        {{ sign }}{{ column }} as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from seen
    where seen_from_no < seen_to_no
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

monthly as (

    select
        customer_no,
        window_name,
        month_no,
        {% for column in ['fact_count'] + columns -%}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from step
    group by customer_no, window_name, month_no

),

running as (

    select
        customer_no,
        window_name,
        month_no,
        lead(month_no) over (partition by customer_no, window_name order by month_no)
            as next_month_no,
        {% for column in ['fact_count'] + columns -%}
        sum({{ column }}) over along as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from monthly
    window along as (
        partition by customer_no, window_name
        order by month_no
        rows between unbounded preceding and current row
    )

),

final as (

    select
        running.customer_no,
        running.window_name,
        month.month_no,
        {% for column in columns -%}
        cast(running.{{ column }}
            as {{ 'bigint' if column.endswith('_count') or column.startswith('days_late')
            else 'decimal(28, 2)' }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from running
    inner join {{ ref('int_kpi__month') }} as month
        on
            running.month_no <= month.month_no
            and coalesce(running.next_month_no > month.month_no, true)
    where running.fact_count > 0

)

select * from final
