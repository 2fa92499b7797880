{{ config(materialized='table') }}

{#- What is one figure per customer and evaluation, whatever the window: open overdue, ranks, habits
    of 12 months, the index of 24 months, and what happened ever until then. -#}
with

overdue as (

    select
        customer_no,
        month_no,
        sum(case when is_counted then 1 else 0 end) as overdue_item_count,
        sum(overdue_amount) as overdue_amount,
        sum(cast(overdue_amount as decimal(28, 2)) * days_overdue) as overdue_amount_days,
        max(days_overdue) as oldest_days_overdue,
        sum(
            case when days_overdue > {{ policy_value('good_payer_days_past_due') }}
                then overdue_amount else 0 end
        ) as overdue_beyond_good_payer,
        sum(case when is_unconverted then 1 else 0 end) as unconverted_overdue_count
    from {{ ref('int_behaviour__overdue') }}
    group by customer_no, month_no

),

summed as (

    select * from {{ ref('int_behaviour__summed') }}

),

-- who has anything to tell on a day
seen as (

    select
        customer_no,
        month_no
    from summed
    union distinct
    select
        customer_no,
        month_no
    from overdue

),

first_seen as (

    select
        fact.customer_no,
        {{ evaluation_no('greatest(fact.dated_on, fact.day_from)') }} as month_no,
        min(fact.dated_on) as dated_on
    from {{ ref('int_behaviour__fact') }} as fact
    cross join (
        select
            min(month_start) as first_month,
            max(month_no) as last_no
        from {{ ref('int_kpi__month') }}
    ) as horizon
    where fact.billed_amount > 0
    group by
        fact.customer_no, {{ evaluation_no('greatest(fact.dated_on, fact.day_from)') }}

),

first_billed as (

    select
        customer_no,
        month_no,
        coalesce(
            lead(month_no) over (partition by customer_no order by month_no), 1000000
        ) as next_month_no,
        min(dated_on) over (
            partition by customer_no
            order by month_no
            rows between unbounded preceding and current row
        ) as first_billed_on
    from first_seen

),

largest as (

    select
        seen.customer_no,
        seen.month_no,
        max(coalesce(overdue.overdue_amount, 0)) over (
            partition by seen.customer_no
            order by seen.month_no
            rows between unbounded preceding and current row
        ) as largest_overdue
    from seen
    left join overdue
        on seen.customer_no = overdue.customer_no and seen.month_no = overdue.month_no

),

final as (

    select
        seen.customer_no,
        seen.month_no,
        coalesce(overdue.overdue_item_count, 0) as overdue_item_count,
        coalesce(overdue.overdue_amount, 0) as overdue_amount,
        coalesce(overdue.overdue_amount_days, 0) as overdue_amount_days,
        overdue.oldest_days_overdue,
        coalesce(overdue.overdue_beyond_good_payer, 0) as overdue_beyond_good_payer,
        coalesce(overdue.unconverted_overdue_count, 0) as unconverted_overdue_count,
        largest.largest_overdue,
        greatest(
            coalesce(ranked.longest_days_late, overdue.oldest_days_overdue),
            coalesce(overdue.oldest_days_overdue, ranked.longest_days_late)
        ) as longest_days_late,
        {% for column in ['median_90', 'p90_90', 'median_12', 'p90_12', 'median_all', 'p90_all',
            'recent_count', 'before_count', 'twice_u', 'tie_sum'] -%}
        ranked.{{ column }},
        {% endfor -%}
        gap.payment_day_count,
        gap.last_paid_on,
        gap.gap_p90_days,
        before.paid_amount as before_paid_amount,
        before.late_amount_days as before_late_amount_days,
        before.paid_item_count as before_paid_item_count,
        long.paid_amount as long_paid_amount,
        long.late_amount_days as long_late_amount_days,
        long.paid_item_count as long_paid_item_count,
        year.paid_amount as year_paid_amount,
        year.late_amount as year_late_amount,
        year.paid_document_count as year_paid_document_count,
        year.payment_day_count as year_payment_day_count,
        year.last_business_days_count as year_last_business_days_count,
        year.last_calendar_days_count as year_last_calendar_days_count,
        coalesce(ever.paid_document_count, 0) as paid_document_count,
        first_billed.first_billed_on
    from seen
    inner join largest
        on seen.customer_no = largest.customer_no and seen.month_no = largest.month_no
    left join overdue
        on seen.customer_no = overdue.customer_no and seen.month_no = overdue.month_no
    left join {{ ref('int_behaviour__ranked') }} as ranked
        on seen.customer_no = ranked.customer_no and seen.month_no = ranked.month_no
    left join {{ ref('int_behaviour__gap') }} as gap
        on seen.customer_no = gap.customer_no and seen.month_no = gap.month_no
    {% for name, window_name in {'before': '12_months_before', 'long': '24_months',
        'year': '12_months', 'ever': 'all'}.items() -%}
    left join summed as {{ name }}
        on
            seen.customer_no = {{ name }}.customer_no
            and seen.month_no = {{ name }}.month_no
            and {{ name }}.window_name = '{{ window_name }}'
    {% endfor -%}
    left join first_billed
        on
            seen.customer_no = first_billed.customer_no
            and seen.month_no >= first_billed.month_no
            and seen.month_no < first_billed.next_month_no

)

select * from final
