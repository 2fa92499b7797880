{{ config(meta={'gate': 'overdue_bridge'}, severity=gate_severity('overdue_bridge')) }}
-- Per item, basis and day the lines of the bridge are the change of the balance, none of them
-- without a reason; what is published per day and customer is their sum.
with

line as (

    select
        open_item_id,
        due_date_basis,
        day,
        sum(amount_document) as amount_document,
        sum(amount_functional) as amount_functional,
        max(case when line = 'unexplained' then 1 else 0 end) as unexplained_count
    from {{ ref('int_overdue__changed') }}
    group by open_item_id, due_date_basis, day

)

select
    'item' as place,
    step.open_item_id as what,
    step.day,
    step.overdue_document - step.overdue_before_document as change_document,
    line.amount_document as told_document
from {{ ref('int_overdue__stepped') }} as step
left join line
    on
        step.open_item_id = line.open_item_id
        and step.due_date_basis = line.due_date_basis
        and step.day = line.day
where
    step.overdue_document - step.overdue_before_document <> coalesce(line.amount_document, 0)
    or step.overdue_functional - step.overdue_before_functional <> coalesce(line.amount_functional, 0)
    or line.unexplained_count > 0
union all
select
    'company' as place,
    company_code as what,
    day,
    difference_document as change_document,
    difference_functional as told_document
from {{ ref('mart_overdue_bridge') }}
where difference_document <> 0 or difference_functional <> 0
union all
select
    'customer' as place,
    customer_id as what,
    month_start as day,
    difference_document as change_document,
    difference_functional as told_document
from {{ ref('mart_overdue_bridge_customer') }}
where difference_document <> 0 or difference_functional <> 0
