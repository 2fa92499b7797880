with

item as (

    select * from {{ ref('int_open_item__current') }}

),

bucket as (

    select
        open_item_id,
        {% for scheme in ['standard', 'short_mid_long', 'cas_annual', 'monthly_30', 'collection',
            'insurer', 'coming_due'] -%}
        max(case when scheme = '{{ scheme }}' then bucket end)
            as bucket_{{ scheme }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_open_item__bucketed') }}
    group by open_item_id

),

absorbed as (

    select * from {{ ref('int_open_item__absorbed') }}

),

version as (

    select
        scheme,
        max(policy_version) as policy_version
    from {{ ref('int_aging_bucket') }}
    where scheme = 'standard'
    group by scheme

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(item.open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(item.company_code as {{ dbt.type_string() }}) as company_code,
        cast(item.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(item.item_kind as {{ dbt.type_string() }}) as item_kind,
        cast(item.receivable_class as {{ dbt.type_string() }}) as receivable_class,
        cast(item.document_id as {{ dbt.type_string() }}) as document_id,
        cast(item.instalment_no as int) as instalment_no,
        cast(item.currency as {{ dbt.type_string() }}) as currency,
        cast(item.document_date as date) as document_date,
        cast(item.posting_date as date) as posting_date,
        cast(item.due_date as date) as due_date,
        cast(item.original_due_date as date) as original_due_date,
        cast(item.agreed_due_date as date) as agreed_due_date,
        cast(item.open_amount_document as decimal(18, 2)) as open_amount_document,
        cast(item.open_amount_functional as decimal(18, 2)) as open_amount_functional,
        cast(item.open_amount_reporting as decimal(18, 2)) as open_amount_reporting,
        cast(item.disputed_amount_document as decimal(18, 2)) as disputed_amount_document,
        cast(coalesce(absorbed.absorbed_amount, 0) as decimal(18, 2)) as absorbed_amount_document,
        cast(item.days_past_due as bigint) as days_past_due,
        cast(item.days_past_original_due as bigint) as days_past_original_due,
        {% for scheme in ['standard', 'short_mid_long', 'cas_annual', 'monthly_30', 'collection',
            'insurer', 'coming_due'] -%}
        cast(bucket.bucket_{{ scheme }} as {{ dbt.type_string() }}) as bucket_{{ scheme }},
        {% endfor -%}
        cast(customer.is_intragroup as boolean) as is_intragroup,
        cast(item.is_age_unknown as boolean) as is_age_unknown,
        cast(item.is_due_date_derived as boolean) as is_due_date_derived,
        cast(item.is_unconverted as boolean) as is_unconverted,
        cast(version.policy_version as {{ dbt.type_string() }}) as policy_version
    from item
    left join bucket
        on item.open_item_id = bucket.open_item_id
    left join absorbed
        on item.open_item_id = absorbed.open_item_id
    inner join {{ ref('dim_customer') }} as customer
        on item.company_code = customer.company_code and item.customer_id = customer.customer_id
    left join version
        on true

)

-- A customer's items stand together: sums by customer stay in one place of memory, and a page of
-- one customer reads its part alone.
select * from final
order by company_code, customer_id
