{{ config(materialized='table') }}

{#- What may restart a limitation period, up to the as-of date: demands that reached the debtor,
    acknowledgements, part payments, suits. Certain is an act with evidence of a kind that the policy
    knows and the day on which it arrived, a promise that names the document, a payment; all else
    may have restarted the period, and nobody should rely on it (DECISIONS 36). An act without a
    document concerns all that the customer owed. -#}
with

activity as (

    {{ current_version('collection_activity') }}

),

evidence as (

    select
        evidence_kind,
        act_kind,
        {{ policy_approval() }}
    from {{ policy_table('policy_limitation_evidence') }}

),

evidence_in_force as (

    select
        evidence_kind,
        max(act_kind) as act_kind
    from evidence
    where {{ is_in_force() }}
    group by evidence_kind

),

demanded as (

    select
        activity.company_code,
        activity.customer_id,
        activity.document_id,
        coalesce(activity.reached_on, cast(activity.happened_at as date)) as act_date,
        coalesce(evidence.act_kind, 'demand') as act_kind,
        evidence.act_kind is not null and activity.reached_on is not null as is_certain,
        'collection_activity' as source_entity,
        activity.activity_id as source_id,
        activity._load_id,
        activity._row
    from activity
    left join evidence_in_force as evidence
        on activity.evidence_kind = evidence.evidence_kind

),

promise as (

    {{ current_version('promise') }}

),

promised as (

    select
        company_code,
        customer_id,
        document_id,
        case when kind = 'extension' then coalesce(approved_on, made_on) else made_on end
            as act_date,
        'acknowledgement' as act_kind,
        -- which debt a promise without a document acknowledges is open; one that was withdrawn, whether
        document_id is not null
        and (cancelled_on is null or cancelled_on > {{ as_of() }})
        and (coalesce(kind, 'promise') <> 'extension' or approved_on is not null) as is_certain,
        'promise' as source_entity,
        promise_id as source_id,
        _load_id,
        _row
    from promise

),

-- a payment on one instalment acknowledges the debt: the document
claimed_document as (

    select distinct
        company_code,
        document_id
    from {{ ref('int_limitation__claim') }}
    where item_kind <> 'bill'

),

paid as (

    select
        item.company_code,
        item.customer_id,
        item.document_id,
        leg.receipt_item_id,
        leg.paid_on
    from {{ ref('int_kpi__leg') }} as leg
    inner join {{ ref('fct_open_item') }} as item
        on leg.open_item_id = item.open_item_id
    inner join claimed_document
        on
            item.company_code = claimed_document.company_code
            and item.document_id = claimed_document.document_id
    where leg.means in ('paid', 'recovered')
    group by
        item.company_code, item.customer_id, item.document_id, leg.receipt_item_id, leg.paid_on
    having sum(leg.amount_document) > 0

),

part_payment as (

    select
        paid.company_code,
        paid.customer_id,
        paid.document_id,
        paid.paid_on as act_date,
        'part_payment' as act_kind,
        true as is_certain,
        'receipt' as source_entity,
        receipt.document_id as source_id,
        receipt._load_id,
        receipt._row
    from paid
    inner join {{ ref('fct_open_item') }} as receipt
        on paid.receipt_item_id = receipt.open_item_id

),

told as (

    select * from demanded
    union all
    select * from promised
    union all
    select * from part_payment

),

final as (

    select *
    from told
    where act_date <= {{ as_of() }}

)

select * from final
