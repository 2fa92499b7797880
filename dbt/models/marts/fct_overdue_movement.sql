with

final as (

    select
        cast(open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(due_date_basis as {{ dbt.type_string() }}) as due_date_basis,
        cast(day as date) as day,
        cast(line as {{ dbt.type_string() }}) as line,
        cast(amount_document as decimal(18, 2)) as amount_document,
        cast(amount_functional as decimal(18, 2)) as amount_functional
    from {{ ref('int_overdue__changed') }}
    where amount_document <> 0 or amount_functional <> 0

)

select * from final
order by day, company_code, customer_id
