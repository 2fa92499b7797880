with

segment as (

    select * from {{ ref('int_late_interest__segment') }}

),

final as (

    select
        cast(segment.open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(segment.segment_no as int) as segment_no,
        cast(item.company_code as {{ dbt.type_string() }}) as company_code,
        cast(item.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(item.document_id as {{ dbt.type_string() }}) as document_id,
        cast(item.instalment_no as int) as instalment_no,
        cast(item.currency as {{ dbt.type_string() }}) as currency,
        cast(item.regime as {{ dbt.type_string() }}) as regime,
        cast(segment.first_day as date) as first_day,
        cast(segment.last_day as date) as last_day,
        cast(segment.days as bigint) as days,
        cast(segment.balance_document as decimal(18, 2)) as balance_document,
        cast(segment.reference as {{ dbt.type_string() }}) as reference,
        cast(segment.reference_rate as decimal(18, 9)) as reference_rate,
        cast(segment.reference_rate_from as date) as reference_rate_from,
        cast(segment.is_reference_unconfirmed as boolean) as is_reference_unconfirmed,
        cast(segment.rate_per_year as decimal(18, 9)) as rate_per_year,
        cast(segment.interest_document as decimal(18, 2)) as interest_document,
        cast(segment.reason_when_null as {{ dbt.type_string() }}) as reason_when_null,
        cast(segment.policy_version as {{ dbt.type_string() }}) as policy_version
    from segment
    inner join {{ ref('int_late_interest__item') }} as item
        on segment.open_item_id = item.open_item_id

)

select * from final
