{#- The items behind mart_unpaid_vintage. -#}
with

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(deal_nature as {{ dbt.type_string() }}) as deal_nature,
        cast(is_intragroup as boolean) as is_intragroup,
        cast(quarter_start as date) as quarter_start,
        cast(due_date as date) as due_date,
        cast(from_step as int) as from_step,
        cast(until_step as int) as until_step,
        cast(open_document as decimal(18, 2)) as open_document,
        cast(written_off_document as decimal(18, 2)) as written_off_document
    from {{ ref('int_vintage__held') }}

)

select * from final
-- a reader asks for one step of one quarter
order by quarter_start, company_code, from_step, customer_id
