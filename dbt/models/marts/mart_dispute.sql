with

dispute as (

    select *
    from {{ ref('fct_dispute') }}
    where opened_on <= {{ as_of() }}

),

open_part as (

    select *
    from {{ ref('int_dispute__open') }}
    where day = {{ as_of() }}

),

document as (

    {{ current_version('document') }}

),

described as (

    select
        dispute.*,
        coalesce(document.customer_id, '(unassigned)') as customer_id,
        coalesce(dispute.currency, document.currency) as dispute_currency,
        dispute.currency <> document.currency as is_other_currency,
        dispute.closed_on is null or dispute.closed_on > {{ as_of() }} as is_open,
        open_part.disputed_amount_document,
        open_part.overdue_amount_document,
        settled.contested_amount,
        settled.credited_amount,
        settled.paid_amount,
        settled.other_amount,
        settled.withdrawn_amount,
        settled.outcome,
        rate.rate_to_reporting
    from dispute
    left join document
        on
            dispute.company_code = document.company_code
            and dispute.document_id = document.document_id
    left join open_part
        on
            dispute.company_code = open_part.company_code
            and dispute.dispute_id = open_part.dispute_id
    left join {{ ref('int_dispute__settled') }} as settled
        on
            dispute.company_code = settled.company_code
            and dispute.dispute_id = settled.dispute_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            dispute.company_code = rate.company_code
            and document.currency = rate.currency
            and rate.day = {{ as_of() }}

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(described.company_code as {{ dbt.type_string() }}) as company_code,
        cast(described.dispute_id as {{ dbt.type_string() }}) as dispute_id,
        cast(described.document_id as {{ dbt.type_string() }}) as document_id,
        cast(described.instalment_no as int) as instalment_no,
        cast(described.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(described.reason as {{ dbt.type_string() }}) as reason,
        cast(described.owner as {{ dbt.type_string() }}) as owner,
        cast(described.status as {{ dbt.type_string() }}) as status,
        cast(described.opened_on as date) as opened_on,
        cast(described.closed_on as date) as closed_on,
        cast(described.is_open as boolean) as is_open,
        cast(described.dispute_currency as {{ dbt.type_string() }}) as currency,
        cast(described.amount_document as decimal(18, 2)) as stated_amount_document,
        cast(coalesce(described.disputed_amount_document, 0) as decimal(18, 2))
            as disputed_amount_document,
        {{ money_times_rate(
            'coalesce(described.disputed_amount_document, 0)', 'described.rate_to_reporting'
        ) }} as disputed_amount_reporting,
        cast(coalesce(described.overdue_amount_document, 0) as decimal(18, 2))
            as overdue_amount_document,
        cast(coalesce(described.overdue_amount_document, 0) > 0 as boolean) as is_overdue,
        case when described.is_open
            then {{ days_between('described.opened_on', as_of()) }} end as days_open,
        case when not described.is_open
            then {{ days_between('described.opened_on', 'described.closed_on') }} end
            as processing_days,
        cast(
            case when described.is_open then 'open' else described.outcome end
            as {{ dbt.type_string() }}
        ) as outcome,
        cast(described.contested_amount as decimal(18, 2)) as contested_amount_document,
        cast(described.credited_amount as decimal(18, 2)) as credited_amount_document,
        cast(described.paid_amount as decimal(18, 2)) as paid_amount_document,
        cast(described.other_amount as decimal(18, 2)) as otherwise_settled_amount_document,
        cast(described.withdrawn_amount as decimal(18, 2)) as withdrawn_amount_document,
        cast(coalesce(described.is_other_currency, false) as boolean) as is_other_currency,
        cast(coalesce(customer.is_intragroup, false) as boolean) as is_intragroup,
        cast(described._load_id as bigint) as _load_id,
        cast(described._row as bigint) as _row
    from described
    left join {{ ref('dim_customer') }} as customer
        on
            described.company_code = customer.company_code
            and described.customer_id = customer.customer_id

)

select * from final
