{{ config(materialized='view') }}

{#- int_voucher__posted with its amount in the functional currency. A voucher converted here is cut
    where the rate became known or was corrected. Base-currency rate = 1 by definition (T31). A
    posting that only balances a clearing is no item while it does (int_settlement__member). A view:
    nearly every row is one of int_voucher__posted as it stands. -#}
with

posted as (

    select * from {{ ref('int_voucher__posted') }}

),

balancing as (

    select
        voucher_key,
        known_from,
        known_to
    from {{ ref('int_settlement__member') }}
    where difference_kind is not null

),

balancing_voucher as (

    select distinct voucher_key
    from balancing

),

at_times_balancing as (

    select posted.*
    from posted
    inner join balancing_voucher
        on posted.voucher_key = balancing_voucher.voucher_key

),

epoch as (

    {{ knowledge_epochs(['voucher_key'], ['at_times_balancing', 'balancing'],
        'epoch_from', 'epoch_to') }}

),

voucher as (

    select
        posted.*,
        posted.known_from as item_from,
        posted.known_to as item_to
    from posted
    left join balancing_voucher
        on posted.voucher_key = balancing_voucher.voucher_key
    where balancing_voucher.voucher_key is null
    union all
    select
        at_times_balancing.*,
        epoch.epoch_from as item_from,
        epoch.epoch_to as item_to
    from epoch
    inner join at_times_balancing
        on
            epoch.voucher_key = at_times_balancing.voucher_key
            and at_times_balancing.known_from <= epoch.epoch_from
            and at_times_balancing.known_to > epoch.epoch_from
    left join balancing
        on
            epoch.voucher_key = balancing.voucher_key
            and balancing.known_from <= epoch.epoch_from
            and balancing.known_to > epoch.epoch_from
    where balancing.voucher_key is null

),

converted as (

    select
        voucher.*,
        cast(
            case
                when voucher.currency = voucher.functional_currency and voucher.amount_document <> 0
                    then voucher.amount_document
                when voucher.currency = voucher.functional_currency
                    then coalesce(voucher.given_functional, 0)
                else voucher.given_functional
            end as decimal(18, 2)
        ) as amount_functional,
        voucher.item_from as piece_from,
        voucher.item_to as piece_to
    from voucher
    where
        voucher.given_functional is not null
        or voucher.functional_currency is null
        or voucher.currency = voucher.functional_currency
    union all
    select
        voucher.*,
        {{ money_times_rate('voucher.amount_document', 'booked.rate') }} as amount_functional,
        greatest(voucher.item_from, booked.known_from) as piece_from,
        least(voucher.item_to, booked.known_to) as piece_to
    from voucher
    inner join {{ ref('int_fx_rate__booked') }} as booked
        on
            voucher.currency = booked.currency
            and voucher.functional_currency = booked.functional_currency
            and voucher.accounting_date = booked.accounting_date
            and booked.known_from < voucher.item_to
            and booked.known_to > voucher.item_from
    where
        voucher.given_functional is null
        and voucher.currency <> voucher.functional_currency

),

final as (

    select
        voucher_key,
        company_code,
        customer_id,
        item_kind,
        currency,
        functional_currency,
        nature,
        amount_document,
        amount_functional,
        accounting_date,
        opened_on,
        voided_on,
        bill_outcome,
        document_date,
        due_date,
        due_date_source,
        is_age_unknown,
        replaces_document_id,
        billed_by_document_id,
        control_account,
        -- valued in its own books without conversion: no exchange difference can arise on it
        currency = functional_currency and amount_document <> 0 as is_domestic,
        piece_from as known_from,
        piece_to as known_to,
        business_date,
        version_known_from,
        _load_id,
        _row
    from converted

)

select * from final
