with

current_version as (

    {{ current_version('allocation') }}

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
        {{ provenance() }}
    from current_version

)

select * from final
