with

predicted_item as (

    select * from {{ ref('int_prediction__estimated') }}

),

item as (

    select *
    from {{ ref('int_prediction__scope') }}
    where outcome = 'predicted'

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(item.open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(item.company_code as {{ dbt.type_string() }}) as company_code,
        cast(item.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(item.document_id as {{ dbt.type_string() }}) as document_id,
        cast(item.instalment_no as int) as instalment_no,
        cast(item.currency as {{ dbt.type_string() }}) as currency,
        cast(item.due_date as date) as due_date,
        cast(item.open_amount_document as decimal(18, 2)) as open_amount_document,
        cast(item.open_amount_reporting as decimal(18, 2)) as open_amount_reporting,
        {% for horizon in ['late', 'late_30', 'late_90'] -%}
        cast(predicted_item.{{ horizon }}_probability as decimal(9, 6))
            as {{ horizon }}_probability,
        {% endfor -%}
        cast(predicted_item.pay_date_p10 as date) as pay_date_p10,
        cast(predicted_item.pay_date_p50 as date) as pay_date_p50,
        cast(predicted_item.pay_date_p90 as date) as pay_date_p90,
        {% for horizon in ['late', 'late_30', 'late_90', 'days'] -%}
        cast(predicted_item.{{ horizon }}_champion as {{ dbt.type_string() }})
            as {{ horizon }}_model,
        {% endfor -%}
        cast(predicted_item.reasons_zh as {{ dbt.type_string() }}) as reasons_zh,
        cast(predicted_item.reasons_en as {{ dbt.type_string() }}) as reasons_en,
        cast(predicted_item.explained_by as {{ dbt.type_string() }}) as explained_by
    from item
    inner join predicted_item
        on item.open_item_id = predicted_item.open_item_id

)

select * from final
