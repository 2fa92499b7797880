with

running as (

    select * from {{ ref('int_exposure__running') }}

),

node as (

    select * from {{ ref('int_customer__grouped') }}

),

final as (

    select
        cast(running.scope as {{ dbt.type_string() }}) as scope,
        cast(running.company_code as {{ dbt.type_string() }}) as company_code,
        cast(running.subject_id as {{ dbt.type_string() }}) as subject_id,
        cast(node.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(running.effective_from as date) as effective_from,
        cast(running.effective_to as date) as effective_to,
        cast(running.exposure as decimal(18, 2)) as exposure_reporting,
        cast(running.limit_reporting as decimal(18, 2)) as limit_reporting,
        cast(running.is_breached as boolean) as is_breached,
        cast(running.breached_since as date) as breached_since,
        cast(running.unconverted_count as bigint) as unconverted_count
    from running
    inner join node
        on running.subject_id = node.customer_key

)

select * from final
order by scope, company_code, subject_id, effective_from
