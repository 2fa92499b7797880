with

promise as (

    select * from {{ ref('mart_promise') }}

),

-- fallen due in the window: the last day of grace is over, and lies in it
span as (

    select
        '90_days' as promise_window,
        {{ add_days(as_of(), -90) }} as first_day
    union all
    select
        '12_months' as promise_window,
        {{ add_months(as_of(), -12) }} as first_day

),

fallen_due as (

    select
        span.promise_window,
        promise.company_code,
        promise.customer_id,
        promise.status,
        promise.kind,
        promise.promised_amount_reporting,
        promise.shortfall_reporting
    from promise
    inner join span
        on promise.grace_end_date >= span.first_day and promise.grace_end_date < {{ as_of() }}
    where promise.status in ('kept', 'kept_late', 'partial', 'broken')

),

summed as (

    select
        promise_window,
        company_code,
        customer_id,
        count(*) as fallen_due_count,
        {% for status in ['kept', 'kept_late', 'partial', 'broken'] -%}
        sum(case when status = '{{ status }}' then 1 else 0 end) as {{ status }}_count,
        {% endfor -%}
        sum(case when status in ('kept_late', 'partial', 'broken') and kind = 'plan' then 1
            else 0 end) as missed_plan_line_count,
        sum(case when promised_amount_reporting is null then 1 else 0 end) as unconverted_count,
        cast(coalesce(sum(promised_amount_reporting), 0) as decimal(18, 2)) as fallen_due_amount,
        cast(coalesce(sum(case when status = 'kept' then promised_amount_reporting end), 0)
            as decimal(18, 2)) as kept_amount,
        cast(coalesce(sum(case when status <> 'kept' then shortfall_reporting end), 0)
            as decimal(18, 2)) as shortfall_amount
    from fallen_due
    group by promise_window, company_code, customer_id

),

-- every customer who ever promised has both windows: nothing fallen due is an answer too
customer as (

    select distinct
        promise.company_code,
        promise.customer_id,
        span.promise_window
    from promise
    cross join span

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(customer.company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(customer.promise_window as {{ dbt.type_string() }}) as promise_window,
        cast(coalesce(summed.fallen_due_count, 0) as bigint) as fallen_due_count,
        {% for status in ['kept', 'kept_late', 'partial', 'broken'] -%}
        cast(coalesce(summed.{{ status }}_count, 0) as bigint) as {{ status }}_count,
        {% endfor -%}
        cast(coalesce(summed.missed_plan_line_count, 0) as bigint) as missed_plan_line_count,
        cast(coalesce(summed.unconverted_count, 0) as bigint) as unconverted_count,
        cast(coalesce(summed.fallen_due_amount, 0) as decimal(18, 2))
            as fallen_due_amount_reporting,
        cast(coalesce(summed.kept_amount, 0) as decimal(18, 2)) as kept_amount_reporting,
        cast(coalesce(summed.shortfall_amount, 0) as decimal(18, 2)) as shortfall_reporting,
        {{ ratio_of('summed.kept_count', 'summed.fallen_due_count') }} as kept_rate_by_count,
        {{ ratio_of('summed.kept_amount', 'summed.fallen_due_amount') }} as kept_rate_by_amount,
        cast(
            case
                when summed.fallen_due_count is null then 'none_fallen_due'
                when summed.fallen_due_amount = 0 then 'no_rate_to_reporting'
            end as {{ dbt.type_string() }}
        ) as reason_when_null
    from customer
    left join summed
        on
            customer.company_code = summed.company_code
            and customer.customer_id = summed.customer_id
            and customer.promise_window = summed.promise_window

)

select * from final
