{#- what a delivered allocation and one that was derived from a settlement both have -#}
{%- set shared = [
    'company_code', 'allocation_id', 'from_kind', 'from_id', 'to_kind', 'to_id', 'to_instalment_no',
    'allocated_on', 'amount', 'from_amount', 'functional_amount', 'is_reversal',
    'reverses_allocation_id', 'known_from', '_source', '_load_id', '_file', '_row'
] -%}
with

current_version as (

    {{ current_version('allocation') }}

),

delivered as (

    select
        {{ shared | join(', ') }},
        reason,
        approved_by,
        approved_on,
        false as is_inferred
    from current_version

),

derived as (

    select
        {{ shared | join(', ') }},
        cast(null as {{ dbt.type_string() }}) as reason,
        cast(null as {{ dbt.type_string() }}) as approved_by,
        cast(null as date) as approved_on,
        is_inferred
    from {{ ref('int_allocation__derived') }}
    where not is_deleted and known_to = {{ end_of_time() }}

),

allocation as (

    select * from delivered
    union all
    select * from derived

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
        cast(is_inferred as boolean) as is_inferred,
        {{ provenance() }}
    from allocation

)

select * from final
