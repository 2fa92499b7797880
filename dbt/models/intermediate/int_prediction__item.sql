{{ config(materialized='table') }}

{#- Debit items of class trade for payment prediction (analytics/prediction), each with the day on which it was learnt
    of (DECISIONS 41, 47): a delivery's business date, and what came with the first one on its own day. Items that were
    cancelled or withdrawn later are there too: on a past day they were open. Amounts are in the reporting currency at
    the closing rate of the as-of date, one rate per currency, so that what remains of an item is a share of
    it. A retention begins when it has turned into a trade receivable. Items without a rate are no part (int_prediction__scope counts them). What was posted more than three years
    ago and is not open tells nothing of today's habits. -#}
with

item as (

    select *
    from {{ ref('fct_open_item') }}
    where
        receivable_class = 'trade'
        and {{ is_predicted_kind('item_kind') }}
        and original_amount_document > 0
        and opened_on <= {{ as_of() }}

),

known as (

    select
        open_item_id,
        company_code,
        min(known_from) as known_from,
        max(known_to) as known_to
    from {{ ref('fct_open_item_balance') }}
    where receivable_class = 'trade'
    group by open_item_id, company_code

),

learnt as (

    select
        known.open_item_id,
        {{ known_day_of('began', 'known.known_from') }} as known_day,
        -- no delivery holds it any more: from that day on nobody owed it
        case
            when known.known_to < {{ end_of_time() }}
                then {{ known_day_of('ended', 'known.known_to') }}
        end as withdrawn_day
    from known
    left join {{ ref('int_company__known_day') }} as began
        on
            known.company_code = began.company_code
            and known.known_from = began.known_at
    left join {{ ref('int_company__known_day') }} as ended
        on
            known.company_code = ended.company_code
            and known.known_to = ended.known_at

),

turned as (

    select
        open_item_id,
        max(effective_date) as turned_on,
        sum(amount_document) as amount_document
    from {{ ref('fct_receivable_movement') }}
    where
        receivable_class = 'trade'
        and movement_kind = 'class_transfer'
        and known_to = {{ end_of_time() }}
        and effective_date <= {{ as_of() }}
    group by open_item_id

),

-- what an item came to when it became one of trade
begun as (

    select
        item.*,
        coalesce(turned.turned_on, item.opened_on) as began_on,
        coalesce(turned.amount_document, item.original_amount_document) as begun_amount_document
    from item
    left join turned
        on item.open_item_id = turned.open_item_id

),

rate as (

    select
        company_code,
        currency,
        rate_to_reporting
    from {{ ref('int_fx_rate__closing') }}
    where day = {{ as_of() }} and rate_to_reporting is not null

),

open_now as (

    select open_item_id
    from {{ ref('int_open_item__current') }}

),

final as (

    select
        item.open_item_id,
        item.company_code,
        customer.party_id as customer_id,
        -- a typing error in its year makes an item no younger than its posting
        least(item.document_date, item.began_on) as document_date,
        item.began_on as posting_date,
        case when not item.is_due_date_missing then item.due_date end as due_date,
        {{ money_times_rate('item.begun_amount_document', 'rate.rate_to_reporting') }} as amount,
        item.currency,
        described.terms_text as payment_terms,
        item.item_kind,
        greatest(item.began_on, learnt.known_day) as learnt_on,
        learnt.withdrawn_day as withdrawn_on
    from begun as item
    inner join learnt
        on item.open_item_id = learnt.open_item_id
    inner join rate
        on item.company_code = rate.company_code and item.currency = rate.currency
    inner join {{ ref('dim_customer') }} as customer
        on
            item.company_code = customer.company_code
            and item.customer_id = customer.customer_id
    left join {{ ref('int_kpi__item') }} as described
        on item.open_item_id = described.open_item_id
    left join open_now
        on item.open_item_id = open_now.open_item_id
    where
        not customer.is_intragroup
        and {{ money_times_rate('item.begun_amount_document', 'rate.rate_to_reporting') }} > 0
        and (
            item.began_on >= {{ add_days(as_of(), -1096) }}
            or open_now.open_item_id is not null
        )

)

select * from final
