{{ config(meta={'gate': 'bucket_sum'}, severity=gate_severity('bucket_sum')) }}
-- The last day of the trend is today's aging, bucket by bucket: two routes through the data, one
-- answer.
with

trend as (

    select
        company_code, currency, scheme, bucket,
        sum(balance_document) as balance_document
    from {{ ref('mart_overdue_trend') }}
    where day = {{ as_of() }}
    group by company_code, currency, scheme, bucket

),

aging as (

    select
        company_code, currency, scheme, bucket,
        sum(gross_amount_document + unapplied_amount_document) as balance_document
    from {{ ref('mart_aging_customer') }}
    where receivable_class = 'trade'
    group by company_code, currency, scheme, bucket

)

select
    coalesce(trend.company_code, aging.company_code) as company_code,
    coalesce(trend.currency, aging.currency) as currency,
    coalesce(trend.scheme, aging.scheme) as scheme,
    coalesce(trend.bucket, aging.bucket) as bucket,
    trend.balance_document as trend_document,
    aging.balance_document as aging_document
from trend
full outer join aging
    on
        trend.company_code = aging.company_code
        and trend.currency = aging.currency
        and trend.scheme = aging.scheme
        and trend.bucket = aging.bucket
where coalesce(trend.balance_document, 0) <> coalesce(aging.balance_document, 0)
