{{ config(materialized='table') }}

{#- What is known of an item beside its amount, on both clocks: customer, class, dates. One
    rectangle (effective x knowledge) per combination; most items have one. -#}
with

version as (

    select
        item_key,
        voucher_key,
        customer_id,
        item_kind,
        currency,
        nature,
        document_date,
        accounting_date,
        is_age_unknown,
        control_account,
        due_date_source,
        instalment_kind,
        unconditional_on,
        known_from,
        known_to
    from {{ ref('int_open_item__version') }}

),

item as (

    {{ merge_pieces('version', ['item_key'], [
        'item_key', 'voucher_key', 'customer_id', 'item_kind', 'currency', 'nature',
        'document_date', 'accounting_date', 'is_age_unknown', 'control_account',
        'due_date_source', 'instalment_kind', 'unconditional_on'
    ]) }}

),

-- accounting B7: a conditional retention is a contract asset until the day it becomes unconditional
classed as (

    select
        item.*,
        case
            when item_kind = 'unbilled' then 'unbilled'
            when item_kind = 'interest' then 'late_interest'
            when
                instalment_kind = 'retention' and nature > 0
                and coalesce(unconditional_on, {{ end_of_days() }}) > accounting_date
                then 'contract_asset'
            else 'trade'
        end as receivable_class,
        {{ start_of_days() }} as effective_from,
        case
            when instalment_kind = 'retention' and unconditional_on > accounting_date
                and nature > 0 and item_kind not in ('unbilled', 'interest')
                then unconditional_on
            else {{ end_of_days() }}
        end as effective_to
    from item
    union all
    select
        item.*,
        'trade' as receivable_class,
        unconditional_on as effective_from,
        {{ end_of_days() }} as effective_to
    from item
    where
        instalment_kind = 'retention' and unconditional_on > accounting_date
        and nature > 0 and item_kind not in ('unbilled', 'interest')

),

policy_date as (

    select * from {{ ref('int_due_date__policy') }}

),

moved_item as (

    select distinct item_key
    from policy_date

),

original as (

    select * from {{ ref('int_due_date__original') }}

),

unmoved as (

    select
        classed.*,
        original.original_due_date,
        cast(null as date) as agreed_due_date,
        original.original_due_date as due_date,
        classed.effective_from as piece_effective_from,
        classed.effective_to as piece_effective_to,
        greatest(classed.known_from, original.known_from) as piece_known_from,
        least(classed.known_to, original.known_to) as piece_known_to
    from classed
    inner join original
        on
            classed.item_key = original.item_key
            and classed.known_from < original.known_to
            and classed.known_to > original.known_from
    left join moved_item
        on classed.item_key = moved_item.item_key
    where moved_item.item_key is null

),

moved as (

    select
        classed.*,
        policy_date.original_due_date,
        policy_date.agreed_due_date,
        policy_date.due_date,
        greatest(classed.effective_from, policy_date.effective_from) as piece_effective_from,
        least(classed.effective_to, policy_date.effective_to) as piece_effective_to,
        greatest(classed.known_from, policy_date.known_from) as piece_known_from,
        least(classed.known_to, policy_date.known_to) as piece_known_to
    from classed
    inner join policy_date
        on
            classed.item_key = policy_date.item_key
            and classed.known_from < policy_date.known_to
            and classed.known_to > policy_date.known_from
            and classed.effective_from < policy_date.effective_to
            and classed.effective_to > policy_date.effective_from

),

final as (

    {% for source in ['unmoved', 'moved'] -%}
    select
        item_key,
        voucher_key,
        customer_id,
        item_kind,
        receivable_class,
        currency,
        document_date,
        accounting_date as posting_date,
        case when item_kind in ('receipt', 'refund') then document_date else due_date end
            as due_date,
        case when item_kind in ('receipt', 'refund') then document_date else original_due_date end
            as original_due_date,
        agreed_due_date,
        document_date as age_anchor_date,
        is_age_unknown,
        control_account,
        due_date_source <> 'given' as is_due_date_derived,
        due_date_source = 'document_date' as is_due_date_missing,
        piece_effective_from as effective_from,
        piece_effective_to as effective_to,
        piece_known_from as known_from,
        piece_known_to as known_to
    from {{ source }}
    union all
    {% endfor -%}
    select
        item_key,
        voucher_key,
        customer_id,
        item_kind,
        receivable_class,
        currency,
        document_date,
        posting_date,
        due_date,
        original_due_date,
        agreed_due_date,
        age_anchor_date,
        is_age_unknown,
        control_account,
        is_due_date_derived,
        is_due_date_missing,
        effective_from,
        effective_to,
        known_from,
        known_to
    from {{ ref('int_bill__attribute') }}

)

select * from final
