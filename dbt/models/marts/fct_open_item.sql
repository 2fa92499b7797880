with

item as (

    select * from {{ ref('int_open_item__keyed') }}

),

version as (

    select *
    from {{ ref('int_open_item__version') }}
    qualify row_number() over (partition by item_key order by known_from desc) = 1

),

attribute as (

    select *
    from {{ ref('int_open_item__attribute') }}
    where effective_from <= {{ as_of() }}
    qualify row_number() over (partition by item_key order by known_from desc, effective_from desc)
        = 1

),

final as (

    select
        cast(item.open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(item.company_code as {{ dbt.type_string() }}) as company_code,
        cast(version.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(version.item_kind as {{ dbt.type_string() }}) as item_kind,
        cast(item.voucher_id as {{ dbt.type_string() }}) as document_id,
        cast(item.instalment_no as int) as instalment_no,
        cast(version.document_date as date) as document_date,
        cast(version.accounting_date as date) as posting_date,
        cast(attribute.due_date as date) as due_date,
        cast(attribute.original_due_date as date) as original_due_date,
        cast(attribute.agreed_due_date as date) as agreed_due_date,
        cast(version.currency as {{ dbt.type_string() }}) as currency,
        cast(version.amount_document as decimal(18, 2)) as original_amount_document,
        cast(version.amount_functional as decimal(18, 2)) as original_amount_functional,
        cast(attribute.receivable_class as {{ dbt.type_string() }}) as receivable_class,
        cast(version.instalment_kind as {{ dbt.type_string() }}) as instalment_kind,
        cast(version.opened_on as date) as opened_on,
        cast(version.voided_on as date) as voided_on,
        cast(version.control_account as {{ dbt.type_string() }}) as control_account,
        cast(version.is_age_unknown as boolean) as is_age_unknown,
        cast(attribute.is_due_date_derived as boolean) as is_due_date_derived,
        cast(attribute.is_due_date_missing as boolean) as is_due_date_missing,
        cast(version.known_to = {{ end_of_time() }} as boolean) as is_current,
        cast(version._load_id as bigint) as _load_id,
        cast(version._row as bigint) as _row
    from item
    inner join version
        on item.item_key = version.item_key
    left join attribute
        on item.item_key = attribute.item_key

)

select * from final
