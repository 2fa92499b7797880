{{ config(materialized='table') }}

{#- Documents and receipts that share a clearing, one row per member and knowledge epoch of the
    group: between two epochs nothing was learnt about any member. A posting with a difference_kind is no
    item where there is something for it to settle: a discount or write-off needs an item on the
    other side in its currency, an exchange difference a foreign item that can carry it. Elsewhere,
    and where it is void from some day on, it is an ordinary item. -#}
{%- set group_key = ['company_code', 'clearing_id'] -%}
with

posted_member as (

    select
        stated.company_code,
        stated.clearing_id,
        stated.voucher_key,
        stated.voucher_kind,
        stated.voucher_id,
        stated.settled_on,
        stated.difference_kind,
        stated.believed_to,
        stated._source,
        stated._load_id,
        stated._file,
        stated._row,
        posted.item_kind,
        posted.currency,
        posted.currency <> posted.functional_currency as is_foreign,
        posted.amount_document,
        coalesce(
            posted.given_functional,
            case when posted.currency = posted.functional_currency
                then posted.amount_document end
        ) as booked_functional,
        posted.accounting_date,
        posted.due_date,
        posted.voided_on,
        posted.known_from,
        least(posted.known_to, stated.believed_to) as known_to
    from {{ ref('int_settlement__stated') }} as stated
    inner join {{ ref('int_voucher__posted') }} as posted
        on
            stated.voucher_key = posted.voucher_key
            and stated.known_from = posted.version_known_from
            and posted.known_from < stated.believed_to
    where stated.settlement = 'clearing_group' and stated.clearing_id is not null

),

epoch as (

    {{ knowledge_epochs(group_key, ['posted_member'], 'epoch_from', 'epoch_to') }}

),

epoch_member as (

    select
        member.*,
        epoch.epoch_from,
        epoch.epoch_to
    from epoch
    inner join posted_member as member
        on
            {{ same_key('epoch', 'member', group_key) }}
            and member.known_from <= epoch.epoch_from
            and member.known_to > epoch.epoch_from

),

counted as (

    select
        *,
        sum(case when difference_kind is null and amount_document > 0 then 1 else 0 end)
            over in_currency as debit_count,
        sum(case when difference_kind is null and amount_document < 0 then 1 else 0 end)
            over in_currency as credit_count,
        sum(case when difference_kind is null and amount_document > 0 and is_foreign
            then 1 else 0 end) over whole as foreign_debit_count,
        coalesce(max(settled_on) over whole, max(accounting_date) over whole) as cleared_on
    from epoch_member
    window
        whole as (partition by company_code, clearing_id, epoch_from),
        in_currency as (partition by company_code, clearing_id, epoch_from, currency)

),

final as (

    select
        company_code,
        clearing_id,
        voucher_key,
        voucher_kind,
        voucher_id,
        item_kind,
        currency,
        coalesce(is_foreign, false) as is_foreign,
        amount_document,
        booked_functional,
        accounting_date,
        due_date,
        cleared_on,
        case
            when voided_on is not null then null
            when difference_kind = 'fx_difference'
                and foreign_debit_count > 0 and booked_functional <> 0
                then difference_kind
            when difference_kind in ('discount', 'write_off')
                and (
                    (amount_document < 0 and debit_count > 0)
                    or (amount_document > 0 and credit_count > 0)
                )
                then difference_kind
        end as difference_kind,
        believed_to,
        epoch_from as known_from,
        epoch_to as known_to,
        _source,
        _load_id,
        _file,
        _row
    from counted

)

select * from final
