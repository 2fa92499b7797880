with

placed as (

    select
        item.company_code,
        item.receivable_class,
        item.currency,
        bucketed.bucket,
        item.open_amount_document,
        item.open_amount_functional,
        item.open_amount_reporting
    from {{ ref('int_open_item__current') }} as item
    inner join {{ ref('int_open_item__bucketed') }} as bucketed
        on item.open_item_id = bucketed.open_item_id and bucketed.scheme = 'standard'

),

final as (

    select
        cast('{{ var("release_id") }}' as {{ dbt.type_string() }}) as release_id,
        cast({{ as_of() }} as date) as as_of_date,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(receivable_class as {{ dbt.type_string() }}) as receivable_class,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(bucket as {{ dbt.type_string() }}) as bucket,
        cast(sum(open_amount_document) as decimal(18, 2)) as amount_document,
        cast(sum(coalesce(open_amount_functional, 0)) as decimal(18, 2)) as amount_functional,
        cast(sum(open_amount_reporting) as decimal(18, 2)) as amount_reporting,
        cast(count(*) as bigint) as item_count
    from placed
    group by company_code, receivable_class, currency, bucket

)

select * from final
