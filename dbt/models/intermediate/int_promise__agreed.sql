{{ config(materialized='table') }}

{#- Every promise, plan line and extension made by the as-of date: from which day receipts count for
    it, until which day it may still be kept, and whether an extension granted in time has taken its
    place (DECISIONS 37). An extension counts from its approval. What was promised on one day for one
    document (or instalment, or the account) is one agreement, kept line by line in the order of its
    days; `amount_before` is what its earlier lines take first. -#}
with

promise as (

    select
        *,
        coalesce(kind, 'promise') as promise_kind,
        coalesce(kind, 'promise') = 'extension' as is_extension,
        case when kind = 'extension' then coalesce(approved_on, made_on) else made_on end
            as agreed_on
    from {{ ref('stg_landing__promise') }}
    where not is_deleted and known_to = {{ end_of_time() }} and made_on <= {{ as_of() }}

),

document as (

    {{ current_version('document') }}

),

described as (

    select
        promise.company_code,
        promise.promise_id,
        promise.customer_id,
        promise.document_id,
        promise.instalment_no,
        promise.made_on,
        promise.agreed_on,
        promise.promised_date,
        promise.amount,
        promise.promise_kind,
        promise.is_extension,
        promise.cancelled_on,
        promise._load_id,
        promise._row,
        coalesce(promise.currency, document.currency, company.functional_currency) as currency,
        document.currency as document_currency,
        coalesce(company.country, '(none)') as country,
        not promise.is_extension or coalesce(promise.approved_on <= {{ as_of() }}, false)
            as is_in_force
    from promise
    inner join {{ ref('int_company') }} as company
        on promise.company_code = company.company_code
    left join document
        on
            promise.company_code = document.company_code
            and promise.document_id = document.document_id

),

graced as (

    select
        described.*,
        coalesce(
            grace_day.day,
            {{ add_days(
                'described.promised_date', policy_value('promise_grace_business_days')
            ) }}
        ) as grace_until
    from described
    left join {{ ref('int_business_day__numbered') }} as promised_day
        on
            described.country = promised_day.country
            and described.promised_date = promised_day.day
    left join {{ ref('int_business_day__numbered') }} as grace_day
        on
            described.country = grace_day.country
            and grace_day.is_business_day
            and grace_day.business_day_no = promised_day.business_day_no
            + cast({{ policy_value('promise_grace_business_days') }} as int)

),

extension as (

    select
        company_code,
        document_id,
        instalment_no,
        promise_id,
        agreed_on,
        promised_date
    from graced
    where
        is_extension and is_in_force
        and (cancelled_on is null or cancelled_on > agreed_on)

),

-- the creditor granted a later day before this one was over
replaced as (

    select
        graced.company_code,
        graced.promise_id,
        min(extension.agreed_on) as extended_on
    from graced
    inner join extension
        on
            graced.company_code = extension.company_code
            and graced.document_id = extension.document_id
            and (
                extension.instalment_no is null
                or extension.instalment_no = graced.instalment_no
            )
            and extension.promise_id <> graced.promise_id
            and extension.agreed_on > graced.agreed_on
            and extension.agreed_on <= graced.grace_until
            and extension.promised_date > graced.promised_date
    group by graced.company_code, graced.promise_id

),

final as (

    select
        graced.*,
        replaced.extended_on,
        -- what is promised for the same day can only be paid on it
        min(
            case when graced.promised_date > graced.agreed_on
                then {{ add_days('graced.agreed_on', 1) }} else graced.agreed_on end
        ) over agreement as counts_from,
        -- a line that was withdrawn in time takes nothing
        coalesce(
            sum(case when graced.cancelled_on <= graced.grace_until then 0 else graced.amount end)
                over agreed_before,
            0
        ) as amount_before
    from graced
    left join replaced
        on graced.company_code = replaced.company_code and graced.promise_id = replaced.promise_id
    window
        agreement as (
            partition by
                graced.company_code, graced.customer_id, graced.document_id, graced.instalment_no,
                graced.currency, graced.agreed_on, graced.is_extension, graced.is_in_force
        ),
        agreed_before as (
            partition by
                graced.company_code, graced.customer_id, graced.document_id, graced.instalment_no,
                graced.currency, graced.agreed_on, graced.is_extension, graced.is_in_force
            order by graced.promised_date, graced.promise_id
            rows between unbounded preceding and 1 preceding
        )

)

select * from final
