with

item as (

    select * from {{ ref('int_open_item__newest') }}

),

final as (

    select
        cast(open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(item_kind as {{ dbt.type_string() }}) as item_kind,
        cast(voucher_id as {{ dbt.type_string() }}) as document_id,
        cast(instalment_no as int) as instalment_no,
        cast(document_date as date) as document_date,
        cast(accounting_date as date) as posting_date,
        cast(due_date as date) as due_date,
        cast(original_due_date as date) as original_due_date,
        cast(agreed_due_date as date) as agreed_due_date,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(amount_document as decimal(18, 2)) as original_amount_document,
        cast(amount_functional as decimal(18, 2)) as original_amount_functional,
        cast(receivable_class as {{ dbt.type_string() }}) as receivable_class,
        cast(instalment_kind as {{ dbt.type_string() }}) as instalment_kind,
        cast(opened_on as date) as opened_on,
        cast(voided_on as date) as voided_on,
        cast(control_account as {{ dbt.type_string() }}) as control_account,
        cast(is_age_unknown as boolean) as is_age_unknown,
        cast(is_due_date_derived as boolean) as is_due_date_derived,
        cast(is_due_date_missing as boolean) as is_due_date_missing,
        cast(known_to = {{ end_of_time() }} as boolean) as is_current,
        cast(_load_id as bigint) as _load_id,
        cast(_row as bigint) as _row
    from item

)

-- A page of one customer reads its part alone.
select * from final
order by company_code, customer_id
