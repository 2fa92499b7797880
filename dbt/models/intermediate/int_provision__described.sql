{#- Every customer with what the segments of the provision ask about it, but for its grade: as of
    now, for the history of the roll rates too, for a rate is meant for those it is applied to
    (DECISIONS 31). -#}
with

final as (

    select
        customer.company_code,
        customer.customer_id,
        customer.party_id,
        customer.name,
        customer.related_party,
        customer.ownership,
        customer.customer_type,
        customer.deal_nature,
        customer.status,
        customer.is_intragroup,
        coalesce(customer.country <> company.country, false) as is_abroad
    from {{ ref('dim_customer') }} as customer
    left join {{ ref('int_company') }} as company
        on customer.company_code = company.company_code

)

select * from final
