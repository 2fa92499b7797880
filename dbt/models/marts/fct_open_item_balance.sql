with

balance as (

    select * from {{ ref('int_open_item__balance') }}

),

attribute as (

    select * from {{ ref('int_open_item__attribute') }}

),

item as (

    select * from {{ ref('int_open_item__keyed') }}

),

final as (

    select
        cast(item.open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(item.company_code as {{ dbt.type_string() }}) as company_code,
        cast(attribute.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(attribute.item_kind as {{ dbt.type_string() }}) as item_kind,
        cast(attribute.receivable_class as {{ dbt.type_string() }}) as receivable_class,
        cast(item.voucher_id as {{ dbt.type_string() }}) as document_id,
        cast(item.instalment_no as int) as instalment_no,
        cast(attribute.currency as {{ dbt.type_string() }}) as currency,
        cast(attribute.document_date as date) as document_date,
        cast(attribute.posting_date as date) as posting_date,
        cast(attribute.due_date as date) as due_date,
        cast(attribute.original_due_date as date) as original_due_date,
        cast(attribute.agreed_due_date as date) as agreed_due_date,
        cast(attribute.age_anchor_date as date) as age_anchor_date,
        cast(attribute.control_account as {{ dbt.type_string() }}) as control_account,
        cast(attribute.is_age_unknown as boolean) as is_age_unknown,
        cast(attribute.is_due_date_derived as boolean) as is_due_date_derived,
        cast(greatest(balance.effective_from, attribute.effective_from) as date) as effective_from,
        cast(least(balance.effective_to, attribute.effective_to) as date) as effective_to,
        cast(greatest(balance.known_from, attribute.known_from) as timestamp) as known_from,
        cast(least(balance.known_to, attribute.known_to) as timestamp) as known_to,
        cast(balance.open_amount_document as decimal(18, 2)) as open_amount_document,
        cast(balance.open_amount_functional as decimal(18, 2)) as open_amount_functional,
        cast(balance.is_unconverted as boolean) as is_unconverted
    from balance
    inner join attribute
        on
            balance.item_key = attribute.item_key
            and balance.effective_from < attribute.effective_to
            and balance.effective_to > attribute.effective_from
            and balance.known_from < attribute.known_to
            and balance.known_to > attribute.known_from
    inner join item
        on balance.item_key = item.item_key

)

-- What is open now stands together, so that today's questions skip the closed past; what closed in a
-- quarter stands by customer, so that those of one customer skip the others.
select * from final
order by known_to desc, date_trunc('quarter', effective_to) desc, company_code, customer_id
