with

current_version as (

    {{ current_version('promise') }}

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(promise_id as {{ dbt.type_string() }}) as promise_id,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(document_id as {{ dbt.type_string() }}) as document_id,
        cast(instalment_no as int) as instalment_no,
        cast(made_on as date) as made_on,
        cast(promised_date as date) as promised_date,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(amount as decimal(18, 2)) as amount_document,
        cast(kind as {{ dbt.type_string() }}) as kind,
        cast(approved_by as {{ dbt.type_string() }}) as approved_by,
        cast(approved_on as date) as approved_on,
        cast(cancelled_on as date) as cancelled_on,
        {{ provenance() }}
    from current_version

)

select * from final
