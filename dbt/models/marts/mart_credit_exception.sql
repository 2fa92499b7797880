with

excepted as (

    select * from {{ ref('int_rating__excepted') }}

),

version as (

    select max(policy_version) as policy_version
    from {{ ref('int_rating__grade') }}

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(excepted.kind as {{ dbt.type_string() }}) as kind,
        cast(excepted.party_id as {{ dbt.type_string() }}) as party_id,
        cast(excepted.company_code as {{ dbt.type_string() }}) as company_code,
        cast(excepted.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(customer.name as {{ dbt.type_string() }}) as name,
        cast(coalesce(excepted.document_id, '') as {{ dbt.type_string() }}) as document_id,
        cast(excepted.grade as {{ dbt.type_string() }}) as grade,
        cast(excepted.raised_by as {{ dbt.type_string() }}) as raised_by,
        cast(excepted.raised_on as date) as raised_on,
        cast(excepted.approved_on is not null as boolean) as is_approved,
        cast(excepted.approved_by as {{ dbt.type_string() }}) as approved_by,
        cast(excepted.approved_on as date) as approved_on,
        cast(excepted.approval as {{ dbt.type_string() }}) as approval,
        cast(excepted.allowed_days as int) as allowed_days,
        cast(excepted.actual_days as int) as actual_days,
        cast(excepted.held_since as date) as hold_advised_since,
        cast(excepted.allowed_amount as decimal(18, 2)) as allowed_amount_reporting,
        cast(excepted.actual_amount as decimal(18, 2)) as actual_amount_reporting,
        cast(excepted.exposure as decimal(18, 2)) as exposure_reporting,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(version.policy_version as {{ dbt.type_string() }}) as policy_version
    from excepted
    cross join version
    inner join {{ ref('dim_customer') }} as customer
        on
            excepted.company_code = customer.company_code
            and excepted.customer_id = customer.customer_id

)

select * from final
order by kind, exposure_reporting desc, company_code, customer_id, document_id
