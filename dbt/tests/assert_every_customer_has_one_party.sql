{{ config(meta={'gate': 'customer_party'}, severity=gate_severity('customer_party')) }}
-- Every customer belongs to a party that is published, and that party to itself: so a sum by party
-- counts each customer once and loses none.
with

customer as (

    select
        company_code,
        customer_id,
        company_code || '|' || customer_id as own_party_id,
        party_id,
        party_name
    from {{ ref('dim_customer') }}

)

select
    customer.company_code,
    customer.customer_id,
    customer.party_id,
    party.party_id as party_of_party_id,
    count(party.own_party_id) as party_count
from customer
left join customer as party
    on customer.party_id = party.own_party_id
group by
    customer.company_code,
    customer.customer_id,
    customer.party_id,
    party.party_id
having
    count(party.own_party_id) <> 1
    or party.party_id is distinct from customer.party_id
