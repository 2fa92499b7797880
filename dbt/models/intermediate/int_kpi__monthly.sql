{{ config(materialized='table') }}

{#- Everything that metrics are made of, per dimension, value and month, in the reporting currency:
    balances at the closing rate of the period end, flows at that of their day. Dense from the first
    month of the value on: a month without billing keeps its row (T33). -#}
{%- set attributes = kpi_attributes() -%}
{%- set amounts = ['debit', 'statement', 'overdue', 'overdue_net', 'over_90',
    'disputed_overdue', 'due_next', 'sold', 'sold_current', 'unapplied_cash', 'bill'] -%}
{%- set stocks = amounts + ['unapplied_cash_days', 'item_count', 'overdue_item_count'] -%}
{%- set flows = kpi_flows() -%}
{%- set payments = kpi_payment_sums() -%}
with

month as (

    select * from {{ ref('int_kpi__month') }}

),

summed as (

    select
        period_end,
        currency,
        {{ attributes | join(', ') }},
        {% for amount in amounts -%}
        cast(sum({{ amount }}_document) as decimal(18, 2)) as {{ amount }},
        {% endfor -%}
        sum(unapplied_cash_days_document) as unapplied_cash_days,
        sum(item_count) as item_count,
        sum(overdue_item_count) as overdue_item_count
    from {{ ref('int_kpi__balance') }}
    group by period_end, currency, {{ attributes | join(', ') }}

),

stock as (

    select
        summed.period_end,
        {{ qualified('summed', attributes) }},
        {% for amount in amounts -%}
        coalesce({{ money_times_rate('summed.' ~ amount, 'rate.rate_to_reporting') }}, 0)
            as {{ amount }},
        {% endfor -%}
        coalesce(cast(summed.unapplied_cash_days * rate.rate_to_reporting as decimal(28, 2)), 0)
            as unapplied_cash_days,
        summed.item_count,
        summed.overdue_item_count,
        case when rate.rate_to_reporting is null then 1 else 0 end as unconverted_count
    from summed
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            summed.company_code = rate.company_code
            and summed.currency = rate.currency
            and summed.period_end = rate.day

),

stock_of as (

    {{ by_dimension('stock', ['period_end'], stocks + ['unconverted_count']) }}

),

flow_of as (

    {{ by_dimension(ref('int_kpi__flow'), ['month_start'], flows + ['unconverted_count']) }}

),

{% for basis in kpi_payment_bases() -%}
{{ basis }} as (

    select
        month_start,
        {{ attributes | join(', ') }},
        case when not is_excluded then amount * days_to_pay else 0 end as days_amount,
        case when not is_excluded then amount * days_late else 0 end as late_amount,
        case when not is_excluded then amount else 0 end as paid_amount,
        case when not is_excluded then payment_count * days_to_pay else 0 end as days_count,
        case when not is_excluded then payment_count * days_late else 0 end as late_count,
        case when not is_excluded then payment_count else 0 end as payment_count,
        case when is_excluded then payment_count else 0 end as excluded_payment_count,
        unconverted_count
    from {{ ref('int_kpi__payment') }}
    where basis = '{{ basis }}'

),

{{ basis }}_of as (

    {{ by_dimension(basis, ['month_start'], payments + ['unconverted_count']) }}

),

{% endfor -%}
first_seen as (

    select
        dimension,
        dimension_value,
        min(month_start) as first_month
    from (
        select
            stock_of.dimension,
            stock_of.dimension_value,
            month.month_start
        from stock_of
        inner join month
            on stock_of.period_end = month.period_end
        union all
        select
            dimension,
            dimension_value,
            month_start
        from flow_of
    ) as seen
    group by dimension, dimension_value

),

-- A region or a salesperson that begins later had nothing before; of a company that begins later
-- nothing is known.
history as (

    select
        first_seen.dimension,
        first_seen.dimension_value,
        first_seen.first_month,
        case
            when first_seen.dimension = 'company' then first_seen.first_month
            else min(first_seen.first_month) over ()
        end as history_month
    from first_seen

),

final as (

    select
        history.dimension,
        history.dimension_value,
        month.month_start,
        month.period_end,
        month.days_in_month,
        month.month_no,
        beginning.month_no as history_month_no,
        {% for column in stocks -%}
        coalesce(stock_of.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        {% for column in flows -%}
        coalesce(flow_of.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        {% for basis in kpi_payment_bases() -%}
        {% for column in payments -%}
        coalesce({{ basis }}_of.{{ column }}, 0) as {{ basis }}_{{ column }},
        {% endfor -%}
        {% endfor -%}
        coalesce(stock_of.unconverted_count, 0) as stock_unconverted_count,
        coalesce(flow_of.unconverted_count, 0)
        + coalesce(payment_date_of.unconverted_count, 0)
        + coalesce(clearing_date_of.unconverted_count, 0) as flow_unconverted_count
    from history
    inner join month
        on month.month_start >= history.first_month
    inner join month as beginning
        on history.history_month = beginning.month_start
    left join stock_of
        on
            history.dimension = stock_of.dimension
            and history.dimension_value = stock_of.dimension_value
            and month.period_end = stock_of.period_end
    {% for relation in ['flow_of', 'payment_date_of', 'clearing_date_of'] -%}
    left join {{ relation }}
        on
            history.dimension = {{ relation }}.dimension
            and history.dimension_value = {{ relation }}.dimension_value
            and month.month_start = {{ relation }}.month_start
    {% endfor %}

)

select * from final
