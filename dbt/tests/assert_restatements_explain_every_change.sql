{{ config(meta={'gate': 'restatement_identity'}, severity=gate_severity('restatement_identity')) }}
-- L11: as_known(D, K) - as_known(D, just before K) = the restatement rows of K with effective_date
-- <= D, on the last closed day D of every company and moment K. Items that ever lacked a rate are
-- compared in document currency only.
with

unconverted as (

    select distinct open_item_id
    from {{ ref('fct_receivable_movement') }}
    where amount_functional is null

),

restated as (

    select
        restatement.company_code,
        restatement.restated_at,
        restatement.closed_through,
        restatement.currency,
        sum(restatement.amount_document) as amount_document,
        sum(case when unconverted.open_item_id is null then restatement.amount_functional end)
            as amount_functional
    from {{ ref('mart_restatement') }} as restatement
    left join unconverted
        on restatement.open_item_id = unconverted.open_item_id
    group by
        restatement.company_code, restatement.restated_at, restatement.closed_through,
        restatement.currency

),

moment as (

    select distinct company_code, moment
    from (
        select company_code, known_from as moment from {{ ref('fct_open_item_balance') }}
        union all
        select company_code, known_to as moment from {{ ref('fct_open_item_balance') }}
    ) as boundary
    where moment < {{ end_of_time() }}

),

closed as (

    select
        moment.company_code,
        moment.moment,
        max(delivery.closed_through) as closed_through
    from moment
    inner join {{ ref('int_company__delivery') }} as delivery
        on moment.company_code = delivery.company_code and delivery.known_at < moment.moment
    group by moment.company_code, moment.moment

),

changed as (

    select
        closed.company_code,
        closed.moment as restated_at,
        closed.closed_through,
        balance.currency,
        sum(case when balance.known_from = closed.moment then 1
            else -1 end * balance.open_amount_document)
            as amount_document,
        sum(
            case when unconverted.open_item_id is null then
                case when balance.known_from = closed.moment then 1
                    else -1 end * balance.open_amount_functional
            end
        ) as amount_functional
    from closed
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            closed.company_code = balance.company_code
            and closed.moment in (balance.known_from, balance.known_to)
            and balance.effective_from <= closed.closed_through
            and balance.effective_to > closed.closed_through
    left join unconverted
        on balance.open_item_id = unconverted.open_item_id
    group by closed.company_code, closed.moment, closed.closed_through, balance.currency

)

select
    coalesce(restated.company_code, changed.company_code) as company_code,
    coalesce(restated.restated_at, changed.restated_at) as restated_at,
    coalesce(restated.currency, changed.currency) as currency,
    restated.amount_document as restated_document,
    changed.amount_document as changed_document,
    restated.amount_functional as restated_functional,
    changed.amount_functional as changed_functional
from restated
full outer join changed
    on
        restated.company_code = changed.company_code
        and restated.restated_at = changed.restated_at
        and restated.currency = changed.currency
where
    coalesce(restated.amount_document, 0) <> coalesce(changed.amount_document, 0)
    or coalesce(restated.amount_functional, 0) <> coalesce(changed.amount_functional, 0)
