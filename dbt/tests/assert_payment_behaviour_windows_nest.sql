{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- A longer window has seen at least as much, and a share is a share.
{%- set counts = ['payment_count', 'excluded_payment_count', 'paid_item_count', 'settled_item_count',
    'paid_document_count', 'payment_day_count', 'dispute_count', 'promise_count'] -%}
{%- set shares = ['late_share_by_count', 'late_share_by_amount', 'part_paid_share', 'discount_taken_share',
    'last_business_days_share', 'last_calendar_days_share', 'promise_kept_share', 'trend_p_value'] %}
with

behaviour as (

    select * from {{ ref('mart_payment_behaviour') }}

),

laid_out as (

    select
        as_of_day,
        company_code,
        customer_id,
        {% for window_name in ['90_days', '12_months', 'all'] -%}
        {% set outer = loop -%}
        {% for count in counts -%}
        sum(case when window_name = '{{ window_name }}' then {{ count }} else 0 end)
            as {{ count }}_{{ outer.index }}{{ ',' if not (loop.last and outer.last) }}
        {% endfor -%}
        {% endfor %}
    from behaviour
    group by as_of_day, company_code, customer_id

)

select
    as_of_day, company_code, customer_id, 'a shorter window has more' as problem
from laid_out
where
    {% for count in counts -%}
    {{ count }}_1 > {{ count }}_2 or {{ count }}_2 > {{ count }}_3{{ ' or' if not loop.last }}
    {% endfor %}
union all
select
    as_of_day, company_code, customer_id, 'a share is not between 0 and 1' as problem
from behaviour
where
    {% for share in shares -%}
    {{ share }} < 0 or {{ share }} > 1{{ ' or' if not loop.last }}
    {% endfor %}
