{{ config(materialized='table') }}

{#- Receipts that bounced and bills that were dishonoured, per party: their amount in the last 180
    days, how many in the last 90, and what cash has not replaced yet. Cash received from the day on
    of the same company and currency replaces them. As believed now, at the rate of the day. -#}
with

customer as (

    select
        company_code,
        customer_id,
        party_id
    from {{ ref('dim_customer') }}
    where not is_intragroup

),

told as (

    select * from {{ ref('int_payment__returned') }}

),

cash as (

    select
        customer.party_id,
        item.company_code,
        item.currency,
        item.document_date as day,
        -item.original_amount_document as amount
    from {{ ref('fct_open_item') }} as item
    inner join {{ ref('int_kpi__item') }} as described
        on item.open_item_id = described.open_item_id
    inner join customer
        on item.company_code = customer.company_code and item.customer_id = customer.customer_id
    where
        item.is_current
        and item.item_kind = 'receipt'
        and item.voided_on is null
        and not described.is_bill_receipt

),

made_up as (

    select
        told.party_id,
        told.company_code,
        told.currency,
        told.day,
        told.kind,
        told.amount,
        cash.day as paid_on,
        sum(cash.amount) over (
            partition by told.party_id, told.company_code, told.currency, told.day, told.kind
            order by cash.day
            rows between unbounded preceding and current row
        ) as cash_amount
    from told
    inner join cash
        on
            told.party_id = cash.party_id
            and told.company_code = cash.company_code
            and told.currency = cash.currency
            and cash.day >= told.day

),

replaced as (

    select
        party_id,
        company_code,
        currency,
        day,
        kind,
        min(paid_on) as replaced_on
    from made_up
    where cash_amount >= amount
    group by party_id, company_code, currency, day, kind

),

valued as (

    select
        told.party_id,
        told.day,
        told.kind,
        coalesce({{ money_times_rate('told.amount', 'rate.rate_to_reporting') }}, 0) as amount,
        coalesce(replaced.replaced_on, {{ end_of_days() }}) as replaced_on
    from told
    left join replaced
        on {{ equal_key('told', 'replaced',
            ['party_id', 'company_code', 'currency', 'day', 'kind']) }}
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            told.company_code = rate.company_code
            and told.currency = rate.currency
            and told.day = rate.day

),

change as (

    {% for sign, end in {'': none, '-': 180}.items() -%}
    select
        party_id,
        {{ add_days('day', end) if end else 'day' }} as day,
        {{ sign }}amount as returned_180,
        0 as returned_90_count,
        0 as unreplaced
    from valued
    union all
    select
        party_id,
        {{ add_days('day', 90) if end else 'day' }} as day,
        0 as returned_180,
        {{ sign }}1 as returned_90_count,
        0 as unreplaced
    from valued
    union all
    select
        party_id,
        {{ 'replaced_on' if end else 'day' }} as day,
        0 as returned_180,
        0 as returned_90_count,
        {{ sign }}amount as unreplaced
    from valued
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

running as (

    {{ running_sums('change', ['party_id'], ['returned_180', 'returned_90_count', 'unreplaced']) }}

),

newest as (

    select
        running.party_id,
        running.effective_from,
        max(valued.day) as returned_on,
        max_by(
            valued.kind, {{ dated_order('valued.day', ['valued.kind', 'valued.amount']) }}
        ) as kind,
        max_by(
            valued.amount, {{ dated_order('valued.day', ['valued.kind', 'valued.amount']) }}
        ) as amount
    from running
    inner join valued
        on running.party_id = valued.party_id and running.effective_from >= valued.day
    group by running.party_id, running.effective_from

),

final as (

    select
        running.party_id,
        running.effective_from,
        running.effective_to,
        running.returned_180 as returned_180,
        running.returned_90_count,
        running.unreplaced as returned_not_replaced,
        newest.returned_on,
        newest.amount as returned_amount,
        case newest.kind when 'bounced' then '退票' else '票据拒付' end as returned_kind_zh,
        case newest.kind when 'bounced' then 'Payment returned: receipt' else 'Dishonoured bill' end
            as returned_kind_en
    from running
    left join newest
        on
            running.party_id = newest.party_id
            and running.effective_from = newest.effective_from

)

select * from final
