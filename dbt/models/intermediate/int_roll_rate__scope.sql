{{ config(materialized='view') }}

{#- What the history of losses is read from: debits of class trade, and bills of companies that are
    not honoured yet, on current knowledge. Sisters and items of unknown age are left out; customers
    assessed by themselves (accounting E5) are by those who know the day, and so is the segment. -#}
with

customer as (

    select
        company_code,
        customer_id
    from {{ ref('int_provision__described') }}
    where not is_intragroup

),

balance as (

    select
        balance.open_item_id,
        balance.company_code,
        balance.customer_id,
        balance.currency,
        balance.document_id,
        balance.receivable_class,
        balance.original_due_date,
        balance.age_anchor_date,
        balance.effective_from,
        balance.effective_to,
        balance.open_amount_document
    from {{ ref('fct_open_item_balance') }} as balance
    inner join customer
        on
            balance.company_code = customer.company_code
            and balance.customer_id = customer.customer_id
    where
        balance.known_to = {{ end_of_time() }}
        and balance.open_amount_document > 0
        and balance.receivable_class in ('trade', 'bill', 'bill_transferred')
        and not balance.is_age_unknown
        -- a receipt or a credit note that is over-allocated is an error and no receivable
        and balance.item_kind not in ('receipt', 'refund', 'credit_note')

),

final as (

    select balance.*
    from balance
    left join {{ ref('int_provision__acceptor') }} as acceptor
        on
            balance.receivable_class <> 'trade'
            and balance.company_code = acceptor.company_code
            and balance.document_id = acceptor.receipt_id
    where balance.receivable_class = 'trade' or acceptor.is_open_until_honoured

)

select * from final
