-- How much of each item open at the end of day `as_of` was contested then, as known now: the rule of
-- mart_aging.disputed_amount_document for any day. A dispute without an amount contests everything; one of the whole document
-- is spread over its items, oldest first; no item is contested for more than is open.
create or replace macro marts.disputed_as_of(as_of) as table
with dispute as (
    select
        company_code,
        document_id,
        instalment_no,
        sum(coalesce(amount_document, 9999999999999999)) as disputed_amount
    from marts.fct_dispute
    where opened_on <= cast(as_of as date) and (closed_on is null or closed_on > cast(as_of as date))
    group by company_code, document_id, instalment_no
),
item as (
    select
        open_now.open_item_id,
        open_now.company_code,
        open_now.document_id,
        open_now.instalment_no,
        open_now.due_date,
        greatest(open_now.open_amount_document, 0) as open_debit,
        coalesce(own_dispute.disputed_amount, 0) as named_dispute,
        coalesce(document_dispute.disputed_amount, 0) as document_dispute
    from marts.open_items_as_of(as_of) as open_now
    left join dispute as own_dispute
        on
            open_now.company_code = own_dispute.company_code
            and open_now.document_id = own_dispute.document_id
            and open_now.instalment_no = own_dispute.instalment_no
    left join dispute as document_dispute
        on
            open_now.company_code = document_dispute.company_code
            and open_now.document_id = document_dispute.document_id
            and document_dispute.instalment_no is null
    where
        open_now.item_kind not in ('receipt', 'refund', 'bill')
        and (own_dispute.document_id is not null or document_dispute.document_id is not null)
),
spread as (
    select
        open_item_id,
        least(
            open_debit,
            named_dispute + greatest(
                document_dispute - coalesce(
                    sum(greatest(open_debit - named_dispute, 0)) over (
                        partition by company_code, document_id
                        order by due_date, instalment_no
                        rows between unbounded preceding and 1 preceding
                    ),
                    0
                ),
                0
            )
        ) as disputed_amount
    from item
)
select
    open_item_id,
    cast(disputed_amount as decimal(18, 2)) as disputed_amount_document
from spread
where disputed_amount > 0;
