with

customer as (

    select *
    from {{ ref('stg_landing__customer') }}
    where not is_deleted and known_to = {{ end_of_time() }}

),

-- Every customer that an item names has a row, also one without master data: figures are never lost
-- in a join.
named as (

    select
        company_code,
        customer_id
    from customer
    union distinct
    select distinct
        item.company_code,
        version.customer_id
    from {{ ref('int_open_item__version') }} as version
    inner join {{ ref('int_open_item__keyed') }} as item
        on version.item_key = item.item_key

),

company as (

    select
        company_code,
        intercompany_group
    from {{ ref('int_company') }}

),

final as (

    select
        cast(named.company_code as {{ dbt.type_string() }}) as company_code,
        cast(named.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(coalesce(customer.name, named.customer_id) as {{ dbt.type_string() }}) as name,
        cast(coalesce(customer.deal_nature, 'other') as {{ dbt.type_string() }}) as deal_nature,
        cast(customer.tax_id as {{ dbt.type_string() }}) as tax_id,
        cast(customer.customer_type as {{ dbt.type_string() }}) as customer_type,
        cast(customer.ownership as {{ dbt.type_string() }}) as ownership,
        cast(customer.size_class as {{ dbt.type_string() }}) as size_class,
        cast(customer.industry as {{ dbt.type_string() }}) as industry,
        cast(customer.region as {{ dbt.type_string() }}) as region,
        cast(customer.country as {{ dbt.type_string() }}) as country,
        cast(customer.parent_customer_id as {{ dbt.type_string() }}) as parent_customer_id,
        cast(customer.guarantor_customer_id as {{ dbt.type_string() }}) as guarantor_customer_id,
        cast(customer.related_party as {{ dbt.type_string() }}) as related_party,
        cast(customer.counterparty_company_code as {{ dbt.type_string() }})
            as counterparty_company_code,
        cast(customer.payment_terms as {{ dbt.type_string() }}) as payment_terms,
        cast(customer.sales_owner as {{ dbt.type_string() }}) as sales_owner,
        cast(customer.collector as {{ dbt.type_string() }}) as collector,
        cast(customer.status as {{ dbt.type_string() }}) as status,
        cast(customer.onboarded_on as date) as onboarded_on,
        cast(customer.customer_id is not null as boolean) as has_master_data,
        -- consolidated away in the group view only when both companies belong to one group
        cast(
            customer.counterparty_company_code is not null
            and own_company.intercompany_group is not distinct from other_company.intercompany_group
            and other_company.company_code is not null
            as boolean
        ) as is_intragroup,
        cast(customer._load_id as bigint) as _load_id,
        cast(customer._row as bigint) as _row
    from named
    left join customer
        on named.company_code = customer.company_code and named.customer_id = customer.customer_id
    left join company as own_company
        on named.company_code = own_company.company_code
    left join company as other_company
        on customer.counterparty_company_code = other_company.company_code

)

select * from final
