with

promise as (

    select * from {{ ref('int_promise__judged') }}

),

-- the earliest dates of what the promise is about
dated as (

    select
        promise.company_code,
        promise.promise_id,
        min(item.original_due_date) as original_due_date,
        min(coalesce(item.agreed_due_date, item.due_date)) as agreed_due_date
    from promise
    inner join {{ ref('fct_open_item') }} as item
        on
            promise.company_code = item.company_code
            and promise.document_id = item.document_id
            and (promise.instalment_no is null or promise.instalment_no = item.instalment_no)
            and item.is_current
            and item.item_kind not in ('receipt', 'refund', 'bill')
    group by promise.company_code, promise.promise_id

),

rate as (

    select *
    from {{ ref('int_fx_rate__closing') }}
    where day = {{ as_of() }}

),

-- cash that nobody has applied may be what was promised
unapplied as (

    select
        company_code,
        customer_id,
        currency,
        max(document_date) as received_on
    from {{ ref('int_open_item__current') }}
    where item_kind = 'receipt' and open_amount_document < 0 and receivable_class = 'trade'
    group by company_code, customer_id, currency

),

version as (

    select policy_version
    from {{ ref('int_policy__parameter') }}
    where parameter = 'promise_grace_business_days'

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(promise.company_code as {{ dbt.type_string() }}) as company_code,
        cast(promise.promise_id as {{ dbt.type_string() }}) as promise_id,
        cast(promise.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(promise.document_id as {{ dbt.type_string() }}) as document_id,
        cast(promise.instalment_no as int) as instalment_no,
        cast(promise.promise_kind as {{ dbt.type_string() }}) as kind,
        cast(promise.made_on as date) as made_on,
        cast(promise.promised_date as date) as promised_date,
        cast(promise.grace_until as date) as grace_end_date,
        cast(promise.currency as {{ dbt.type_string() }}) as currency,
        cast(promise.amount as decimal(18, 2)) as promised_amount_document,
        {{ money_times_rate('promise.amount', 'rate.rate_to_reporting') }}
            as promised_amount_reporting,
        cast(promise.received_promised as decimal(18, 2))
            as received_by_promised_date_document,
        cast(promise.received_grace as decimal(18, 2)) as received_by_grace_end_document,
        cast(promise.received_today - promise.received_grace as decimal(18, 2))
            as received_since_document,
        cast(promise.amount - promise.received_grace as decimal(18, 2)) as shortfall_document,
        {{ money_times_rate(
            'promise.amount - promise.received_grace', 'rate.rate_to_reporting'
        ) }} as shortfall_reporting,
        cast(promise.status as {{ dbt.type_string() }}) as status,
        cast(promise.status_reason as {{ dbt.type_string() }}) as status_reason,
        cast(promise.cancelled_on as date) as cancelled_on,
        cast(dated.original_due_date as date) as original_due_date,
        cast(dated.agreed_due_date as date) as agreed_due_date,
        {{ days_between('dated.original_due_date', as_of()) }} as days_past_original_due,
        {{ days_between('dated.agreed_due_date', as_of()) }} as days_past_agreed_due,
        cast(
            promise.document_id is not null
            and promise.status in ('open', 'partial', 'broken')
            and coalesce(unapplied.received_on >= promise.counts_from, false)
            as boolean
        ) as has_unapplied_receipt,
        cast(version.policy_version as {{ dbt.type_string() }}) as policy_version,
        cast(promise._load_id as bigint) as _load_id,
        cast(promise._row as bigint) as _row
    from promise
    left join dated
        on promise.company_code = dated.company_code and promise.promise_id = dated.promise_id
    left join rate
        on promise.company_code = rate.company_code and promise.currency = rate.currency
    left join unapplied
        on
            promise.company_code = unapplied.company_code
            and promise.customer_id = unapplied.customer_id
            and promise.currency = unapplied.currency
    left join version
        on true

)

select * from final
