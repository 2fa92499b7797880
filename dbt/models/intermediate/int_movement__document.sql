{{ config(materialized='view') }}

{#- Every movement of every open item in document currency, with the interval in which it was known:
    openings and closings, legs on single items, and legs spread over instalments. leg_kind says how
    it is valued in the functional currency: own (at its carrying amount), settled (at the relief of
    the credit used), or given. A plain movement is worth in functional currency what it amounts to.
    A view: nine in ten movements are plain and need no step of their own. -#}
with

opening as (

    select
        item_key,
        voucher_key,
        cast(null as bigint) as event_key,
        cast(null as {{ dbt.type_string() }}) as allocation_id,
        cast(null as bigint) as event_no,
        cast(null as {{ dbt.type_string() }}) as side,
        false as is_undoing,
        cast(null as bigint) as counterpart_voucher_key,
        0 as fill_no,
        phase,
        'own' as leg_kind,
        customer_id,
        effective_date,
        movement_kind,
        amount_document,
        cast(0 as decimal(18, 2)) as amount_before,
        amount_document as leg_amount,
        case when phase = 0 then amount_functional end as opening_functional,
        cast(null as decimal(18, 2)) as given_functional,
        is_domestic as is_all_domestic,
        known_from,
        known_to,
        _load_id,
        _row
    from {{ ref('int_open_item__opening') }}

),

planned_voucher as (

    select * from {{ ref('int_instalment_plan__voucher') }}

),

-- the item of a voucher without a plan has its key (int_open_item__keyed)
single_leg as (

    select
        leg.voucher_key as item_key,
        leg.*,
        1 as fill_no,
        cast(0 as decimal(18, 2)) as amount_before,
        leg.amount_document as leg_amount
    from {{ ref('int_application__leg') }} as leg
    left join planned_voucher
        on leg.voucher_key = planned_voucher.voucher_key
    where planned_voucher.voucher_key is null

),

planned_leg as (

    select
        item.item_key,
        leg.*
    from {{ ref('int_application__distributed') }} as leg
    inner join {{ ref('int_open_item__keyed') }} as item
        on leg.voucher_key = item.voucher_key and leg.instalment_no = item.instalment_no

),

leg as (

    {% for source in ['single_leg', 'planned_leg'] -%}
    select
        item_key,
        voucher_key,
        event_key,
        allocation_id,
        event_no,
        side,
        is_undoing,
        counterpart_voucher_key,
        fill_no,
        1 as phase,
        case
            when is_exchange_row and functional_amount is not null
                then 'given'
            -- between two items that are domestic as known there is no relief to wait for, also where one of
            -- them is not domestic in another version
            when is_sink or side = 'from' or coalesce(is_all_domestic, false) then 'own'
            else 'settled'
        end as leg_kind,
        customer_id,
        effective_date,
        movement_kind,
        amount_document,
        amount_before,
        leg_amount,
        cast(null as decimal(18, 2)) as opening_functional,
        cast(
            case when is_exchange_row
                then -direction * functional_amount end
            as decimal(18, 2)
        ) as given_functional,
        is_all_domestic,
        known_from,
        known_to,
        _load_id,
        _row
    from {{ source }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

movement as (

    select * from opening
    union all
    select * from leg

),

final as (

    select
        movement.*,
        foreign_item.item_key is not null as is_foreign_item,
        foreign_item.item_key is null and coalesce(movement.is_all_domestic, false) as is_plain
    from movement
    left join {{ ref('int_open_item__foreign') }} as foreign_item
        on movement.item_key = foreign_item.item_key

)

select * from final
