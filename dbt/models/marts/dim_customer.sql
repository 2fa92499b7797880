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

crosswalk as (

    select *
    from {{ source('landing', 'customer_crosswalk') }}

),

-- Whom each customer was confirmed to be, itself where nothing is (DECISIONS 20).
confirmed as (

    select
        named.company_code,
        named.customer_id,
        coalesce(crosswalk.party_company_code, named.company_code) as confirmed_company_code,
        coalesce(crosswalk.party_id, named.customer_id) as confirmed_customer_id
    from named
    left join crosswalk
        on
            named.company_code = crosswalk.company_code
            and named.customer_id = crosswalk.customer_id

),

-- A party that no delivery names has no row to stand in; the first of its customers stands for all.
party as (

    select
        company_code,
        customer_id,
        first_value(company_code) over confirmed_party as party_company_code,
        first_value(customer_id) over confirmed_party as party_customer_id
    from confirmed
    window confirmed_party as (
        partition by confirmed_company_code, confirmed_customer_id
        order by
            case
                when company_code = confirmed_company_code
                    and customer_id = confirmed_customer_id then 0
                else 1
            end,
            company_code,
            customer_id
        rows between unbounded preceding and unbounded following
    )

),

company as (

    select
        company_code,
        intercompany_group
    from {{ ref('int_company') }}

),

final as (

    select
        cast(party.company_code as {{ dbt.type_string() }}) as company_code,
        cast(party.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(coalesce(customer.name, party.customer_id) as {{ dbt.type_string() }}) as name,
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
        cast(party.party_company_code || '|' || party.party_customer_id as {{ dbt.type_string() }})
            as party_id,
        cast(coalesce(party_master.name, party.party_customer_id) as {{ dbt.type_string() }})
            as party_name,
        cast(customer._load_id as bigint) as _load_id,
        cast(customer._row as bigint) as _row
    from party
    left join customer
        on party.company_code = customer.company_code and party.customer_id = customer.customer_id
    left join customer as party_master
        on
            party.party_company_code = party_master.company_code
            and party.party_customer_id = party_master.customer_id
    left join company as own_company
        on party.company_code = own_company.company_code
    left join company as other_company
        on customer.counterparty_company_code = other_company.company_code

)

select * from final
