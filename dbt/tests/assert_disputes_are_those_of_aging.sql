{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- What disputes have open is what aging has disputed, document by document, and the months end in it.
with

dispute as (

    select
        company_code, document_id,
        sum(disputed_amount_document) as disputed_amount_document
    from {{ ref('mart_dispute') }}
    group by company_code, document_id

),

aging as (

    select
        company_code, document_id,
        sum(disputed_amount_document) as disputed_amount_document
    from {{ ref('mart_aging') }}
    group by company_code, document_id

),

difference as (

    select
        coalesce(dispute.company_code, aging.company_code) as company_code,
        coalesce(dispute.document_id, aging.document_id) as document_id,
        coalesce(dispute.disputed_amount_document, 0) as disputed_amount,
        coalesce(aging.disputed_amount_document, 0) as disputed_in_aging
    from dispute
    full outer join aging
        on
            dispute.company_code = aging.company_code
            and dispute.document_id = aging.document_id

),

month as (

    select
        company_code,
        disputed_amount_reporting
    from {{ ref('mart_dispute_month') }}
    where period_end = {{ as_of() }}

),

today as (

    select
        company_code,
        sum(disputed_amount_reporting) as disputed_amount_reporting
    from {{ ref('mart_dispute') }}
    group by company_code

)

select
    company_code, document_id, disputed_amount, disputed_in_aging
from difference
where disputed_amount <> disputed_in_aging
union all
select
    today.company_code,
    '(month)' as document_id,
    coalesce(month.disputed_amount_reporting, 0) as disputed_amount,
    coalesce(today.disputed_amount_reporting, 0) as disputed_in_aging
from today
left join month
    on today.company_code = month.company_code
where coalesce(month.disputed_amount_reporting, 0) <> coalesce(today.disputed_amount_reporting, 0)
