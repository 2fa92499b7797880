with

current_version as (

    select *
    from {{ ref('stg_landing__bank_transaction') }}
    where not is_deleted and known_to = {{ end_of_time() }}

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
        cast(known_from as timestamp) as known_from,
        cast(_source as {{ dbt.type_string() }}) as _source,
        cast(_load_id as bigint) as _load_id,
        cast(_file as {{ dbt.type_string() }}) as _file,
        cast(_row as bigint) as _row
    from current_version

)

select * from final
