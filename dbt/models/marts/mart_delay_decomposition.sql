{#- Where the days go, from the delivery to the money and to the item that it closes. -#}
{%- set windows = {
    'last_90_days': add_days(as_of(), -90),
    'last_12_months': add_months(as_of(), -12),
    'all': start_of_days()
} -%}
{%- set parts = {
    'billing_lag': ('delivered_on', 'document_date'),
    'terms': ('document_date', 'due_date'),
    'late': ('due_date', 'paid_on'),
    'bill_term': ('paid_on', 'cash_on'),
    'to_cash': ('delivered_on', 'cash_on')
} -%}
with

payment as (

    select
        *,
        case when excluded_reason is null and amount is not null then amount end as counted_amount
    from {{ ref('int_kpi__paid') }}

),

windowed as (

    {% for name, day_before in windows.items() -%}
    select
        '{{ name }}' as window_name,
        {{ 'cast(null as date)' if name == 'all' else add_days(day_before, 1) }} as window_from,
        *
    from payment
    where paid_on > {{ day_before }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

summed as (

    select
        company_code,
        customer_id,
        basis,
        window_name,
        window_from,
        count(counted_amount) as payment_count,
        coalesce(sum(counted_amount), 0) as paid_amount,
        {% for part, (first_day, last_day) in parts.items() -%}
        coalesce(sum(counted_amount * {{ days_between(first_day, last_day) }}), 0)
            as {{ part }}_amount_days,
        {% endfor -%}
        coalesce(sum(case when counted_amount is not null then unapplied_amount_days end), 0)
            as application_lag_amount_days,
        sum(case when counted_amount is not null and is_delivery_unknown then 1 else 0 end)
            as delivery_unknown_count,
        coalesce(sum(case when is_delivery_unknown then counted_amount end), 0)
            as delivery_unknown_amount,
        {% for reason in ['before_document', 'cash_terms'] -%}
        sum(case when excluded_reason = '{{ reason }}' then 1 else 0 end)
            as {{ reason }}_count,
        coalesce(sum(case when excluded_reason = '{{ reason }}' then amount end), 0)
            as {{ reason }}_amount,
        {% endfor -%}
        sum(case when amount is null then 1 else 0 end) as unconverted_count
    from windowed
    group by company_code, customer_id, basis, window_name, window_from

),

totalled as (

    select
        *,
        to_cash_amount_days + application_lag_amount_days as total_amount_days
    from summed

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(basis as {{ dbt.type_string() }}) as basis,
        cast(window_name as {{ dbt.type_string() }}) as window_name,
        cast(window_from as date) as window_from,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(payment_count as bigint) as payment_count,
        cast(paid_amount as decimal(18, 2)) as paid_amount_reporting,
        {% for part in ['billing_lag', 'terms', 'late', 'bill_term', 'application_lag', 'to_cash',
            'total'] -%}
        cast({{ part }}_amount_days as decimal(28, 2)) as {{ part }}_amount_days,
        cast({{ ratio_of(part ~ '_amount_days', 'paid_amount') }} as decimal(28, 6))
            as days_{{ part }},
        {% endfor -%}
        cast(case when paid_amount <= 0 then 'no_counted_payment' end
            as {{ dbt.type_string() }}) as reason_when_null,
        cast(delivery_unknown_count as bigint) as delivery_unknown_count,
        cast(delivery_unknown_amount as decimal(18, 2)) as delivery_unknown_amount_reporting,
        {% for reason in ['before_document', 'cash_terms'] -%}
        cast({{ reason }}_count as bigint) as excluded_{{ reason }}_count,
        cast({{ reason }}_amount as decimal(18, 2)) as excluded_{{ reason }}_amount_reporting,
        {% endfor -%}
        cast(unconverted_count as bigint) as unconverted_count
    from totalled

)

select * from final
