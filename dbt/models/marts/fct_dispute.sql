with

current_version as (

    {{ current_version('dispute') }}

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(dispute_id as {{ dbt.type_string() }}) as dispute_id,
        cast(document_id as {{ dbt.type_string() }}) as document_id,
        cast(instalment_no as int) as instalment_no,
        cast(opened_on as date) as opened_on,
        cast(closed_on as date) as closed_on,
        cast(reason as {{ dbt.type_string() }}) as reason,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(amount as decimal(18, 2)) as amount_document,
        cast(status as {{ dbt.type_string() }}) as status,
        cast(owner as {{ dbt.type_string() }}) as owner,
        {{ provenance() }}
    from current_version

)

select * from final
