with

load as (

    select
        count(*) as load_count,
        sum(rows_read) as rows_read,
        sum(rows_landed) as rows_landed,
        sum(rows_unchanged) as rows_unchanged,
        sum(rows_collapsed) as rows_collapsed,
        sum(rows_rejected) as rows_rejected,
        sum(rows_tombstoned) as rows_tombstoned
    from {{ source('landing', 'load') }}

),

total as (

    select
        count(*) as open_item_count,
        sum(open_amount_reporting) as open_amount_reporting,
        sum(case when open_amount_reporting is null then 1 else 0 end) as unconverted_count
    from {{ ref('int_open_item__current') }}

),

future as (

    select count(*) as future_dated_count
    from {{ ref('mart_data_quality') }}
    where rule = 'future_dated'

),

final as (

    select
        cast('{{ var("release_id") }}' as {{ dbt.type_string() }}) as release_id,
        cast({{ as_of() }} as date) as as_of_date,
        cast('{{ var("known_at") }}' as timestamp) as known_at,
        cast('{{ var("code_version") }}' as {{ dbt.type_string() }}) as code_version,
        cast('{{ var("policy_hash") }}' as {{ dbt.type_string() }}) as policy_hash,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as reporting_currency,
        cast(load.load_count as bigint) as load_count,
        cast(coalesce(load.rows_read, 0) as bigint) as rows_read,
        cast(coalesce(load.rows_landed, 0) as bigint) as rows_landed,
        cast(coalesce(load.rows_unchanged, 0) as bigint) as rows_unchanged,
        cast(coalesce(load.rows_collapsed, 0) as bigint) as rows_collapsed,
        cast(coalesce(load.rows_rejected, 0) as bigint) as rows_rejected,
        cast(coalesce(load.rows_tombstoned, 0) as bigint) as rows_tombstoned,
        cast(total.open_item_count as bigint) as open_item_count,
        cast(total.open_amount_reporting as decimal(18, 2)) as open_amount_reporting,
        cast(coalesce(total.unconverted_count, 0) as bigint) as unconverted_count,
        cast(future.future_dated_count as bigint) as future_dated_count
    from load
    cross join total
    cross join future

)

select * from final
