with

current_version as (

    {{ current_version('document') }}

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(document_id as {{ dbt.type_string() }}) as document_id,
        cast(document_type as {{ dbt.type_string() }}) as document_type,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(document_date as date) as document_date,
        cast(posting_date as date) as posting_date,
        cast(due_date as date) as due_date,
        cast(payment_terms as {{ dbt.type_string() }}) as payment_terms,
        cast(terms_basis as {{ dbt.type_string() }}) as terms_basis,
        cast(invoice_received_on as date) as invoice_received_on,
        cast(accepted_on as date) as accepted_on,
        cast(delivery_date as date) as delivery_date,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(amount as decimal(18, 2)) as amount_document,
        cast(functional_amount as decimal(18, 2)) as amount_functional,
        cast(tax_amount as decimal(18, 2)) as tax_amount_document,
        cast(reference as {{ dbt.type_string() }}) as reference,
        cast(sales_order as {{ dbt.type_string() }}) as sales_order,
        cast(contract_id as {{ dbt.type_string() }}) as contract_id,
        cast(project as {{ dbt.type_string() }}) as project,
        cast(salesperson as {{ dbt.type_string() }}) as salesperson,
        cast(replaces_document_id as {{ dbt.type_string() }}) as replaces_document_id,
        cast(billed_by_document_id as {{ dbt.type_string() }}) as billed_by_document_id,
        cast(control_account as {{ dbt.type_string() }}) as control_account,
        cast(is_cancelled as boolean) as is_cancelled,
        cast(cancelled_on as date) as cancelled_on,
        cast(settled_on as date) as settled_on,
        -- what an open-item list leaves out has nothing left
        cast(case when vanished_load_id is null then settled_amount else amount end
            as decimal(18, 2)) as settled_amount_document,
        cast(case when vanished_load_id is null then residual_amount else 0 end
            as decimal(18, 2)) as residual_amount_document,
        cast(clearing_id as {{ dbt.type_string() }}) as clearing_id,
        cast(difference_kind as {{ dbt.type_string() }}) as difference_kind,
        cast(original_document_type as {{ dbt.type_string() }}) as original_document_type,
        {{ provenance() }}
    from current_version

)

select * from final
