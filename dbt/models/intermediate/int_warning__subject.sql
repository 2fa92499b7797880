{{ config(materialized='table') }}

{#- Whom each episode is about. A pool of several customers and a group have a head and no party:
    the warning is about all of them. -#}
with

episode as (

    select
        episode_id,
        subject,
        subject_key
    from {{ ref('int_warning__episode') }}

),

pool as (

    select distinct
        scope || '|' || company_code || '|' || subject_id as subject_key,
        scope,
        subject_id
    from {{ ref('int_credit_limit__bound') }}

),

told as (

    select
        episode.episode_id,
        'customer' as scope,
        episode.subject_key as customer_key,
        cast(null as {{ dbt.type_string() }}) as open_item_id,
        cast(null as {{ dbt.type_string() }}) as document_id
    from episode
    where episode.subject in ('party', 'member')
    union all
    select
        episode.episode_id,
        pool.scope,
        pool.subject_id as customer_key,
        null as open_item_id,
        null as document_id
    from episode
    inner join pool
        on episode.subject_key = pool.subject_key
    where episode.subject = 'pool'
    union all
    select
        episode.episode_id,
        'group' as scope,
        episode.subject_key as customer_key,
        null as open_item_id,
        null as document_id
    from episode
    where episode.subject = 'group'
    union all
    select
        episode.episode_id,
        'item' as scope,
        item.company_code || '|' || item.customer_id as customer_key,
        item.open_item_id,
        item.document_id
    from episode
    inner join {{ ref('fct_open_item') }} as item
        on episode.subject_key = item.open_item_id
    where episode.subject = 'item'

),

final as (

    select
        told.episode_id,
        told.scope,
        case when told.scope <> 'group' then customer.party_id end as party_id,
        node.company_code,
        node.customer_id,
        node.group_id,
        coalesce(customer.party_name, customer.name, node.customer_id) as name,
        customer.collector,
        customer.sales_owner,
        coalesce(company.country, '(none)') as country,
        told.open_item_id,
        told.document_id
    from told
    inner join {{ ref('int_customer__grouped') }} as node
        on told.customer_key = node.customer_key
    left join {{ ref('dim_customer') }} as customer
        on node.company_code = customer.company_code and node.customer_id = customer.customer_id
    left join {{ ref('int_company') }} as company
        on node.company_code = company.company_code

)

select * from final
