{#- The items behind mart_roll_rate, of its newest pairs 30 days apart. -#}
with

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(pair_no as int) as pair_no,
        cast(start_day as date) as start_day,
        cast(end_day as date) as end_day,
        cast(bucket as {{ dbt.type_string() }}) as bucket,
        cast(bucket_no as int) as bucket_no,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(segment as {{ dbt.type_string() }}) as segment,
        cast(open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(amount_document as decimal(18, 2)) as amount_document,
        {% for part in outcome_parts() -%}
        cast({{ part }} as decimal(18, 2)) as {{ part }}_document{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_roll_rate__item') }}

)

select * from final
-- a reader asks for one bucket of one pair
order by pair_no, bucket_no, company_code, customer_id
