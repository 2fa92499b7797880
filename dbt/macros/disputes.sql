{#- accounting B8: an item is contested while its dispute is open on the day, up to what is open, and never leaves
    overdue for it. Disputes open on each day of `day_relation` (column `day`), as believed now; one without an amount
    contests everything. -#}
{% macro disputes_open_on(day_relation) %}
select
    days.day,
    dispute.company_code,
    dispute.document_id,
    dispute.instalment_no,
    sum(coalesce(dispute.amount, {{ money('9999999999999999') }})) as disputed_amount
from {{ ref('stg_landing__dispute') }} as dispute
inner join {{ day_relation }} as days
    on
        dispute.opened_on <= days.day
        and (dispute.closed_on is null or dispute.closed_on > days.day)
where not dispute.is_deleted and dispute.known_to = {{ end_of_time() }}
group by days.day, dispute.company_code, dispute.document_id, dispute.instalment_no
{% endmacro %}

{#- The rows of `balance` (rows of fct_open_item_balance with a `day`) with `disputed_amount_document`, given the
    disputes open on their days. A dispute of the whole document is spread over its items, oldest first, each up to
    what is open. -#}
{% macro with_disputed_amount(balance, dispute) %}
select
    named.*,
    cast(
        least(
            open_debit,
            named_dispute + greatest(
                document_dispute - coalesce(
                    sum(greatest(open_debit - named_dispute, 0)) over (
                        partition by day, company_code, document_id
                        order by due_date, instalment_no
                        rows between unbounded preceding and 1 preceding
                    ),
                    0
                ),
                0
            )
        ) as decimal(18, 2)
    ) as disputed_amount_document
from (
    select
        balance.*,
        coalesce(own_dispute.disputed_amount, 0) as named_dispute,
        coalesce(document_dispute.disputed_amount, 0) as document_dispute,
        greatest(balance.open_amount_document, 0) as open_debit
    from {{ balance }} as balance
    left join {{ dispute }} as own_dispute
        on
            balance.day = own_dispute.day
            and balance.company_code = own_dispute.company_code
            and balance.document_id = own_dispute.document_id
            and balance.instalment_no = own_dispute.instalment_no
            and balance.item_kind not in ('receipt', 'refund', 'bill')
    left join {{ dispute }} as document_dispute
        on
            balance.day = document_dispute.day
            and balance.company_code = document_dispute.company_code
            and balance.document_id = document_dispute.document_id
            and document_dispute.instalment_no is null
            and balance.item_kind not in ('receipt', 'refund', 'bill')
) as named
{% endmacro %}
