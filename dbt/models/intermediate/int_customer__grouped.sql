{{ config(materialized='table') }}

{#- Which customers are one and which belong together, as known now. `identity_id` is one customer
    under several ids or in several companies: confirmed by a person (DECISIONS 20), or delivered,
    itself or its limit, in one row for every company of its source. `group_id` is the head of its
    group 集团: the end of the chain of parents. Ids that are only named as a parent or in a limit
    have a row, too. -#}
with

customer as (

    select
        company_code || '|' || customer_id as node,
        company_code,
        customer_id,
        party_id,
        is_intragroup
    from {{ ref('dim_customer') }}

),

limit_row as (

    {{ current_version('credit_limit') }}

),

customer_row as (

    {{ current_version('customer') }}

),

parent as (

    select
        company_code || '|' || customer_id as node,
        company_code || '|' || parent_customer_id as parent_node,
        company_code,
        parent_customer_id
    from customer_row
    where parent_customer_id is not null

),

node as (

    select
        node, company_code, customer_id
    from customer
    union distinct
    select
        parent_node as node, company_code, parent_customer_id as customer_id
    from parent
    union distinct
    select
        company_code || '|' || customer_id as node, company_code, customer_id
    from limit_row

),

-- Landing writes a row that is meant for all companies once for each of them.
shared as (

    {% for relation in ['customer_row', 'limit_row'] -%}
    select
        company_code || '|' || customer_id as node,
        min(company_code || '|' || customer_id) over (partition by _load_id, _file, _row)
            as first_node
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

first_of_shared as (

    select
        node,
        min(first_node) as first_node
    from shared
    group by node

),

same as (

    select
        node.node,
        case
            when customer.party_id <> node.node then customer.party_id
            else coalesce(first_of_shared.first_node, node.node)
        end as next_node
    from node
    left join customer
        on node.node = customer.node
    left join first_of_shared
        on node.node = first_of_shared.node

),

identity as (

    {{ ends_of_chains('same') }}

),

-- An identity has the parent of its own row, else that of another of its rows.
identity_parent as (

    select
        identity.end_node as node,
        parent_identity.end_node as next_node
    from parent
    inner join identity
        on parent.node = identity.node
    inner join identity as parent_identity
        on parent.parent_node = parent_identity.node
    where identity.end_node <> parent_identity.end_node
    qualify row_number() over (
        partition by identity.end_node
        order by case when parent.node = identity.end_node then 0 else 1 end, parent.node
    ) = 1

),

belonging as (

    select
        head.node,
        coalesce(identity_parent.next_node, head.node) as next_node
    from (
        select distinct end_node as node
        from identity
    ) as head
    left join identity_parent
        on head.node = identity_parent.node

),

family as (

    {{ ends_of_chains('belonging') }}

),

final as (

    select
        node.node as customer_key,
        node.company_code,
        node.customer_id,
        identity.end_node as identity_id,
        family.end_node as group_id,
        customer.node is not null as is_customer,
        coalesce(customer.is_intragroup, false) as is_intragroup,
        -- the id that a limit of this identity goes by in its company
        coalesce(customer.party_id, node.node) = node.node as is_own_id
    from node
    inner join identity
        on node.node = identity.node
    inner join family
        on identity.end_node = family.node
    left join customer
        on node.node = customer.node

)

select * from final
