{{ config(meta={'gate': 'roll_forward'}, severity=gate_severity('roll_forward')) }}
-- The same proof per customer and day: summed movements and steps of the interval table cancel on
-- every day.
with

entry as (

    select
        company_code, customer_id, receivable_class, currency, effective_date as day,
        amount_document, amount_functional
    from {{ ref('fct_receivable_movement') }}
    where known_to = {{ end_of_time() }}
    union all
    select
        company_code, customer_id, receivable_class, currency, effective_from as day,
        -open_amount_document, -open_amount_functional
    from {{ ref('fct_open_item_balance') }}
    where known_to = {{ end_of_time() }}
    union all
    select
        company_code, customer_id, receivable_class, currency, effective_to as day,
        open_amount_document, open_amount_functional
    from {{ ref('fct_open_item_balance') }}
    where known_to = {{ end_of_time() }} and effective_to < {{ end_of_days() }}

)

select
    company_code, customer_id, receivable_class, currency, day,
    sum(amount_document) as difference_document,
    sum(amount_functional) as difference_functional
from entry
group by company_code, customer_id, receivable_class, currency, day
having
    sum(amount_document) <> 0
    or (count(*) = count(amount_functional) and sum(amount_functional) <> 0)
