with

current_version as (

    {{ current_version('bank_transaction') }}

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(account as {{ dbt.type_string() }}) as account,
        cast(statement_id as {{ dbt.type_string() }}) as statement_id,
        cast(booking_date as date) as booking_date,
        cast(value_date as date) as value_date,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(amount as decimal(18, 2)) as amount_document,
        cast(counterparty_name as {{ dbt.type_string() }}) as counterparty_name,
        cast(counterparty_account as {{ dbt.type_string() }}) as counterparty_account,
        cast(remittance_text as {{ dbt.type_string() }}) as remittance_text,
        cast(bank_reference as {{ dbt.type_string() }}) as bank_reference,
        cast(end_to_end_id as {{ dbt.type_string() }}) as end_to_end_id,
        cast(transaction_code as {{ dbt.type_string() }}) as transaction_code,
        cast(occurrence_no as int) as occurrence_no,
        {{ provenance() }}
    from current_version

)

select * from final
