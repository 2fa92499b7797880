{{ config(materialized='table') }}

{#- The pools in which exposure is added up, and their customers: each customer by itself; a group of
    customers within a company; a group, or a customer whose limit is one for all companies, across
    them. Intragroup customers are in no pool but their own (accounting A10). -#}
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

-- a group of one needs no row of its own, unless a limit is meant for it
pool as (

    select
        'group' as scope,
        company_code,
        group_id as subject_id
    from outside
    group by company_code, group_id
    having count(*) > 1
    union distinct
    select
        'group_all_companies' as scope,
        '*' as company_code,
        group_id as subject_id
    from outside
    group by group_id
    having count(distinct company_code) > 1
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
    {% for scope, subject, company in [
        ('group', 'group_id', 'customer.company_code'),
        ('group_all_companies', 'group_id', "'*'"),
        ('customer_all_companies', 'identity_id', "'*'")
    ] -%}
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
            and {{ company }} = pool.company_code
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
