with

event as (

    select * from {{ ref('int_overdue_trend__event') }}

),

scope as (

    select * from {{ ref('int_overdue_trend__scope') }}

),

bucket as (

    select
        bucket_key,
        scheme,
        bucket,
        bucket_no
    from {{ ref('int_aging_bucket') }}

),

first_day as (

    select
        event.scope_key,
        bucket.scheme,
        min(event.day) as first_day
    from event
    inner join bucket
        on event.bucket_key = bucket.bucket_key
    group by event.scope_key, bucket.scheme

),

-- Dense: a day or a bucket without a movement still has its row, and its balance runs on (T33).
spine as (

    select
        first_day.scope_key,
        bucket.bucket_key,
        calendar.day
    from first_day
    inner join bucket
        on first_day.scheme = bucket.scheme
    inner join {{ ref('dim_date') }} as calendar
        on calendar.day >= first_day.first_day and calendar.day <= {{ as_of() }}

),

running as (

    select
        spine.*,
        sum(coalesce(event.amount_document, 0)) over along as balance_document,
        sum(coalesce(event.amount_functional, 0)) over along as balance_functional,
        sum(coalesce(event.unconverted_count, 0)) over along as unconverted_count
    from spine
    left join event
        on
            spine.scope_key = event.scope_key
            and spine.bucket_key = event.bucket_key
            and spine.day = event.day
    window along as (
        partition by spine.scope_key, spine.bucket_key
        order by spine.day
        rows between unbounded preceding and current row
    )

),

rate as (

    select * from {{ ref('int_fx_rate__closing') }}

),

final as (

    select
        cast(running.day as date) as day,
        cast(scope.company_code as {{ dbt.type_string() }}) as company_code,
        cast(scope.currency as {{ dbt.type_string() }}) as currency,
        cast(bucket.scheme as {{ dbt.type_string() }}) as scheme,
        cast(bucket.bucket as {{ dbt.type_string() }}) as bucket,
        cast(bucket.bucket_no as int) as bucket_no,
        cast(scope.deal_nature as {{ dbt.type_string() }}) as deal_nature,
        cast(scope.is_intragroup as boolean) as is_intragroup,
        cast(running.balance_document as decimal(18, 2)) as balance_document,
        cast(case when running.unconverted_count = 0 then running.balance_functional end
            as decimal(18, 2))
            as balance_functional,
        case
            when running.balance_document = 0 then cast(0 as decimal(18, 2))
            else {{ money_times_rate('running.balance_document', 'rate.rate_to_reporting') }}
        end as balance_reporting,
        cast(running.unconverted_count as bigint) as unconverted_count
    from running
    inner join scope
        on running.scope_key = scope.scope_key
    inner join bucket
        on running.bucket_key = bucket.bucket_key
    left join rate
        on
            scope.company_code = rate.company_code
            and scope.currency = rate.currency
            and running.day = rate.day

)

select * from final
order by scheme, day, company_code, currency
