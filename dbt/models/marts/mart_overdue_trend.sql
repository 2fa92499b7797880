with

event as (

    select * from {{ ref('int_overdue_trend__event') }}

),

scope as (

    select
        company_code,
        currency,
        scheme,
        deal_nature,
        is_intragroup,
        min(day) as first_day
    from event
    group by company_code, currency, scheme, deal_nature, is_intragroup

),

bucket as (

    select
        scheme,
        bucket,
        bucket_no
    from {{ ref('int_aging_bucket') }}

),

-- Dense: a day or a bucket without a movement still has its row, and its balance runs on (T33).
spine as (

    select
        scope.company_code,
        scope.currency,
        scope.scheme,
        scope.deal_nature,
        scope.is_intragroup,
        bucket.bucket,
        bucket.bucket_no,
        calendar.day
    from scope
    inner join bucket
        on scope.scheme = bucket.scheme
    inner join {{ ref('dim_date') }} as calendar
        on calendar.day >= scope.first_day and calendar.day <= {{ as_of() }}

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
            spine.company_code = event.company_code
            and spine.currency = event.currency
            and spine.scheme = event.scheme
            and spine.deal_nature = event.deal_nature
            and spine.is_intragroup = event.is_intragroup
            and spine.bucket = event.bucket
            and spine.day = event.day
    window along as (
        partition by
            spine.company_code, spine.currency, spine.scheme, spine.deal_nature,
            spine.is_intragroup, spine.bucket
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
        cast(running.company_code as {{ dbt.type_string() }}) as company_code,
        cast(running.currency as {{ dbt.type_string() }}) as currency,
        cast(running.scheme as {{ dbt.type_string() }}) as scheme,
        cast(running.bucket as {{ dbt.type_string() }}) as bucket,
        cast(running.bucket_no as int) as bucket_no,
        cast(running.deal_nature as {{ dbt.type_string() }}) as deal_nature,
        cast(running.is_intragroup as boolean) as is_intragroup,
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
    left join rate
        on
            running.company_code = rate.company_code
            and running.currency = rate.currency
            and running.day = rate.day

)

select * from final
order by scheme, day, company_code, currency
