with

final as (

    select
        cast('{{ var("release_id") }}' as {{ dbt.type_string() }}) as release_id,
        cast(load_id as bigint) as load_id,
        cast(source as {{ dbt.type_string() }}) as source,
        cast(entity as {{ dbt.type_string() }}) as entity,
        cast(mode as {{ dbt.type_string() }}) as mode,
        cast(extracted_at as timestamp) as extracted_at,
        cast(known_at as timestamp) as known_at,
        cast(landed_at as timestamp) as landed_at,
        cast(business_date as date) as business_date,
        cast(is_required as boolean) as is_required,
        cast(file_count as bigint) as file_count,
        cast(rows_read as bigint) as rows_read,
        cast(rows_landed as bigint) as rows_landed,
        cast(rows_unchanged as bigint) as rows_unchanged,
        cast(rows_collapsed as bigint) as rows_collapsed,
        cast(rows_rejected as bigint) as rows_rejected,
        cast(rows_tombstoned as bigint) as rows_tombstoned,
        cast(amount_rejected as decimal(18, 2)) as amount_rejected,
        cast(content_hash as {{ dbt.type_string() }}) as content_hash
    from {{ source('landing', 'load') }}

)

select * from final
