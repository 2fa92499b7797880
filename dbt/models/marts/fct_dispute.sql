with

current_version as (

    select *
    from {{ ref('stg_landing__dispute') }}
    where not is_deleted and known_to = {{ end_of_time() }}

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
        cast(known_from as timestamp) as known_from,
        cast(_source as {{ dbt.type_string() }}) as _source,
        cast(_load_id as bigint) as _load_id,
        cast(_file as {{ dbt.type_string() }}) as _file,
        cast(_row as bigint) as _row
    from current_version

)

select * from final
