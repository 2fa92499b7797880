with

current_version as (

    select *
    from {{ ref('stg_landing__allocation') }}
    where not is_deleted and known_to = {{ end_of_time() }}

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(allocation_id as {{ dbt.type_string() }}) as allocation_id,
        cast(from_kind as {{ dbt.type_string() }}) as from_kind,
        cast(from_id as {{ dbt.type_string() }}) as from_id,
        cast(to_kind as {{ dbt.type_string() }}) as to_kind,
        cast(to_id as {{ dbt.type_string() }}) as to_id,
        cast(to_instalment_no as int) as to_instalment_no,
        cast(allocated_on as date) as allocated_on,
        cast(amount as decimal(18, 2)) as amount_document,
        cast(from_amount as decimal(18, 2)) as from_amount_document,
        cast(functional_amount as decimal(18, 2)) as amount_functional,
        cast(reason as {{ dbt.type_string() }}) as reason,
        cast(approved_by as {{ dbt.type_string() }}) as approved_by,
        cast(approved_on as date) as approved_on,
        cast(is_reversal as boolean) as is_reversal,
        cast(reverses_allocation_id as {{ dbt.type_string() }}) as reverses_allocation_id,
        cast(known_from as timestamp) as known_from,
        cast(_source as {{ dbt.type_string() }}) as _source,
        cast(_load_id as bigint) as _load_id,
        cast(_file as {{ dbt.type_string() }}) as _file,
        cast(_row as bigint) as _row
    from current_version

)

select * from final
