{#- What the credits of a customer absorb of each of its debit items (accounting B5): class trade, same company and
    currency, undisputed before disputed, oldest policy due date first. `item` has the columns of fct_open_item_balance,
    a `day`, `is_credit` and `disputed_amount_document`; an item in dispute is two parts. Only debits of customers who
    have credits are lined up: rows are missing for the others. -#}
{% macro absorbed_by_credits(item) %}
select
    open_item_id,
    day,
    cast(sum(least(part_amount, greatest(credit_amount - amount_before, 0))) as decimal(18, 2))
        as absorbed_amount
from (
    select
        part.open_item_id,
        part.day,
        part.part_amount,
        credit.credit_amount,
        coalesce(
            sum(part.part_amount) over (
                partition by part.day, part.company_code, part.customer_id, part.currency
                order by part.part_no, part.due_date, part.document_date, part.document_id, part.instalment_no
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as amount_before
    from (
        select
            *,
            1 as part_no,
            open_amount_document - disputed_amount_document as part_amount
        from {{ item }}
        where not is_credit and receivable_class = 'trade'
        union all
        select
            *,
            2 as part_no,
            disputed_amount_document as part_amount
        from {{ item }}
        where not is_credit and receivable_class = 'trade' and disputed_amount_document > 0
    ) as part
    inner join (
        select
            day,
            company_code,
            customer_id,
            currency,
            -sum(open_amount_document) as credit_amount
        from {{ item }}
        where is_credit and receivable_class = 'trade'
        group by day, company_code, customer_id, currency
    ) as credit
        on
            part.day = credit.day
            and part.company_code = credit.company_code
            and part.customer_id = credit.customer_id
            and part.currency = credit.currency
) as lined_up
group by open_item_id, day
{% endmacro %}
