{{ config(materialized='table') }}

{#- The pools in which exposure is added up, and their customers: each customer by itself; one that
    has several ids, under all of them; a group of customers; the last two within a company and
    (company_code `*`) across companies. Intragroup customers are in no pool but their own
    (accounting A10). -#}
with

customer as (

    select *
    from {{ ref('int_customer__grouped') }}
    where is_customer

),

bound as (

    select distinct
        scope,
        company_code,
        subject_id
    from {{ ref('int_credit_limit__bound') }}

),

outside as (

    select *
    from customer
    where not is_intragroup

),

-- what is one customer, or one company, needs no row of its own, unless a limit is meant for it
pool as (

    select
        'same_customer' as scope,
        company_code,
        identity_id as subject_id
    from outside
    group by company_code, identity_id
    having count(*) > 1
    union distinct
    select
        'same_customer' as scope,
        '*' as company_code,
        identity_id as subject_id
    from outside
    group by identity_id
    having count(distinct company_code) > 1
    union distinct
    select
        'group' as scope,
        company_code,
        group_id as subject_id
    from outside
    group by company_code, group_id
    having count(distinct identity_id) > 1
    union distinct
    select
        'group' as scope,
        '*' as company_code,
        group_id as subject_id
    from outside
    group by group_id
    having count(distinct identity_id) > 1 and count(distinct company_code) > 1
    union distinct
    select
        scope,
        company_code,
        subject_id
    from bound
    where scope <> 'customer'

),

final as (

    select
        'customer' as scope,
        company_code as pool_company_code,
        customer_key as subject_id,
        company_code,
        customer_id
    from customer
    union all
    {% for scope, subject in [('same_customer', 'identity_id'), ('group', 'group_id')] -%}
    select
        pool.scope,
        pool.company_code as pool_company_code,
        pool.subject_id,
        customer.company_code,
        customer.customer_id
    from outside as customer
    inner join pool
        on
            pool.scope = '{{ scope }}'
            and customer.{{ subject }} = pool.subject_id
            and pool.company_code in (customer.company_code, '*')
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
