with

current_version as (

    {{ current_version('receipt') }}

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(receipt_id as {{ dbt.type_string() }}) as receipt_id,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(receipt_date as date) as receipt_date,
        cast(posting_date as date) as posting_date,
        cast(cleared_on as date) as cleared_on,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(amount as decimal(18, 2)) as amount_document,
        cast(functional_amount as decimal(18, 2)) as amount_functional,
        cast(method as {{ dbt.type_string() }}) as method,
        cast(bill_id as {{ dbt.type_string() }}) as bill_id,
        cast(maturity_date as date) as maturity_date,
        cast(acceptor as {{ dbt.type_string() }}) as acceptor,
        cast(acceptor_kind as {{ dbt.type_string() }}) as acceptor_kind,
        cast(status as {{ dbt.type_string() }}) as status,
        cast(status_date as date) as status_date,
        cast(bank_account as {{ dbt.type_string() }}) as bank_account,
        cast(control_account as {{ dbt.type_string() }}) as control_account,
        cast(reference as {{ dbt.type_string() }}) as reference,
        cast(settled_on as date) as settled_on,
        cast(clearing_id as {{ dbt.type_string() }}) as clearing_id,
        {{ provenance() }}
    from current_version

)

select * from final
