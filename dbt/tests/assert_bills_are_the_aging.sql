{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- What bills hold, have passed on with recourse and had back in part is what aging has open of them,
-- receipt by receipt and class by class; the states of a bill sum to its amount; acceptors and months
-- of maturity hold all of it.
with

bill as (

    select * from {{ ref('mart_bill') }}

),

stated as (

    {% for part, receivable_class in [('held', 'bill'), ('passed_on', 'bill_transferred'),
        ('back', 'trade')] -%}
    select
        company_code,
        receipt_id,
        '{{ receivable_class }}' as receivable_class,
        {{ part }}_amount_document as amount_document,
        {{ part }}_amount_reporting as amount_reporting
    from bill
    where {{ part }}_amount_document <> 0
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

aged as (

    select
        company_code, document_id as receipt_id, receivable_class,
        sum(open_amount_document) as amount_document, sum(open_amount_reporting) as amount_reporting
    from {{ ref('mart_aging') }}
    where item_kind = 'bill' and open_amount_document <> 0
    group by company_code, document_id, receivable_class

),

part as (

    select
        coalesce(stated.company_code, aged.company_code) as company_code,
        coalesce(stated.receipt_id, aged.receipt_id) as found_in,
        coalesce(stated.amount_document, 0) as amount,
        coalesce(aged.amount_document, 0) as expected
    from stated
    full outer join aged
        on
            stated.company_code = aged.company_code
            and stated.receipt_id = aged.receipt_id
            and stated.receivable_class = aged.receivable_class
    where
        coalesce(stated.amount_document, 0) <> coalesce(aged.amount_document, 0)
        or stated.amount_reporting is distinct from aged.amount_reporting

),

whole as (

    select
        company_code,
        receipt_id as found_in,
        {% for state in bill_states() -%}
        {{ state.name }}_amount_document{{ ' +' if not loop.last }}
        {% endfor -%}
        as amount,
        amount_document as expected
    from bill

),

running as (

    select
        company_code,
        sum(held_amount_document + passed_on_amount_document) as document,
        sum(held_amount_reporting + passed_on_amount_reporting) as reporting
    from bill
    group by company_code

),

by_month as (

    select
        company_code, sum(held_amount_document + passed_on_amount_document) as amount
    from {{ ref('mart_bill_maturity') }}
    group by company_code

),

by_acceptor as (

    select company_code, sum(open_amount_reporting) as amount
    from {{ ref('mart_bill_acceptor') }}
    group by company_code

)

select company_code, found_in, amount, expected from part
union all
select company_code, found_in, amount, expected
from whole
where amount <> expected
union all
select
    running.company_code, '(maturity)' as found_in, by_month.amount, running.document as expected
from running
left join by_month
    on running.company_code = by_month.company_code
where running.document <> coalesce(by_month.amount, 0)
union all
select
    running.company_code, '(acceptor)' as found_in, by_acceptor.amount,
    running.reporting as expected
from running
left join by_acceptor
    on running.company_code = by_acceptor.company_code
where coalesce(running.reporting, 0) <> coalesce(by_acceptor.amount, 0)
