{{ config(materialized='table') }}

{#- Every item as believed now, with the dimensions its figures count under: the salesperson of the
    document, else the owner of the customer on the document date, and the customer's region, deal
    nature and collector of that date (accounting C12). `is_credit_sale`: what sales are counted of
    (C1): invoices, debit and credit notes sold on credit, without retention and intragroup. -#}
with

item as (

    select
        *,
        item_kind in ('receipt', 'refund') as is_receipt
    from {{ ref('fct_open_item') }}
    where is_current

),

document as (

    {{ current_version('document') }}

),

receipt as (

    {{ current_version('receipt') }}

),

term as (

    select
        terms_text,
        is_immediate,
        discount_rate is not null as has_discount
    from {{ source('landing', 'terms_reading') }}
    where is_readable

),

intragroup as (

    select
        company_code,
        customer_id
    from {{ ref('dim_customer') }}
    where is_intragroup

),

described as (

    select
        item.*,
        document.amount as voucher_amount,
        document.tax_amount as voucher_tax,
        document.delivery_date,
        coalesce(document.salesperson, customer.sales_owner, '(none)') as salesperson,
        coalesce(customer.collector, '(none)') as collector,
        coalesce(customer.region, '(none)') as region,
        coalesce(customer.deal_nature, 'other') as deal_nature,
        coalesce(document.payment_terms, customer.payment_terms) as terms_text,
        intragroup.customer_id is not null as is_intragroup,
        coalesce({{ is_bill_receipt('receipt') }}, false) as is_bill_receipt
    from item
    left join document
        on
            not item.is_receipt
            and item.item_kind <> 'bill'
            and item.company_code = document.company_code
            and item.document_id = document.document_id
    left join receipt
        on
            item.is_receipt
            and item.company_code = receipt.company_code
            and item.document_id = receipt.receipt_id
    left join {{ ref('int_customer__dated') }} as customer
        on
            item.company_code = customer.company_code
            and item.customer_id = customer.customer_id
            and item.document_date >= customer.effective_from
            and item.document_date < customer.effective_to
    left join intragroup
        on
            item.company_code = intragroup.company_code
            and item.customer_id = intragroup.customer_id

),

final as (

    select
        described.open_item_id,
        described.company_code,
        described.customer_id,
        described.item_kind,
        described.is_bill_receipt,
        described.receivable_class,
        described.currency,
        described.document_date,
        described.delivery_date,
        {{ month_start('described.posting_date') }} as posting_month,
        described.due_date,
        described.original_amount_document as amount_document,
        coalesce({{ money_share('described.original_amount_document', 'described.voucher_tax',
            'described.voucher_amount') }}, 0) as tax_amount_document,
        described.opened_on,
        described.voided_on,
        described.salesperson,
        described.collector,
        described.region,
        described.deal_nature,
        described.is_intragroup,
        described.terms_text,
        described.instalment_kind = 'retention' as is_retention,
        -- by the document: one of its instalments may be negative, its amount 0
        described.item_kind in ('invoice', 'debit_note', 'interest', 'unbilled')
        or (described.item_kind = 'opening_balance' and described.voucher_amount >= 0) as is_debit,
        coalesce(term.is_immediate, false) as is_immediate,
        coalesce(term.has_discount, false) as has_discount_terms,
        described.item_kind in ('invoice', 'debit_note', 'credit_note')
        and described.instalment_kind <> 'retention'
        and not coalesce(term.is_immediate, false)
        and not described.is_intragroup as is_credit_sale
    from described
    left join term
        on described.terms_text = term.terms_text

)

select * from final
