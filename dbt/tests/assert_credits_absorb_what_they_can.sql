{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Credits take off what a customer owes in a currency as far as they go: no item loses more than is
-- open of it, and together the items lose the credits or all that is open, whichever is less.
with

pool as (

    select
        company_code, customer_id, currency,
        sum(absorbed_amount_document) as absorbed_amount,
        sum(case when open_amount_document > 0 then open_amount_document else 0 end) as debit_amount,
        sum(case when open_amount_document < 0 then -open_amount_document else 0 end)
            as credit_amount,
        sum(
            case
                when absorbed_amount_document < 0
                    or absorbed_amount_document > greatest(open_amount_document, 0) then 1
                else 0
            end
        ) as impossible_count
    from {{ ref('mart_aging') }}
    where receivable_class = 'trade'
    group by company_code, customer_id, currency

)

select *
from pool
where absorbed_amount <> least(debit_amount, credit_amount) or impossible_count > 0
union all
select
    company_code, customer_id, currency,
    sum(absorbed_amount_document) as absorbed_amount,
    cast(0 as decimal(18, 2)) as debit_amount,
    cast(0 as decimal(18, 2)) as credit_amount,
    count(*) as impossible_count
from {{ ref('mart_aging') }}
where receivable_class <> 'trade' and absorbed_amount_document <> 0
group by company_code, customer_id, currency
