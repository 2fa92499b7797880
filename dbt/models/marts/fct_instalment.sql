with

current_version as (

    {{ current_version('instalment') }}

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(document_id as {{ dbt.type_string() }}) as document_id,
        cast(instalment_no as int) as instalment_no,
        cast(due_date as date) as due_date,
        cast(amount as decimal(18, 2)) as amount_document,
        cast(kind as {{ dbt.type_string() }}) as kind,
        cast(unconditional_on as date) as unconditional_on,
        {{ provenance() }}
    from current_version

)

select * from final
