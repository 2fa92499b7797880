{{ config(materialized='table') }}

{#- Legs on planned documents, spread over the instalments (L4). Instalments are state, not path:
    named amounts reduce their instalment, the sum of the unnamed fills what is left, earliest due
    date first, an excess goes to the last. What a leg does to an instalment is the state after it
    less the state before it. Reductions are magnitudes on the document's own side. Computed per
    knowledge epoch of plan and legs, then merged. -#}
with

plan as (

    select
        plan.voucher_key,
        plan.instalment_no,
        plan.fill_no,
        plan.is_last,
        plan.amount,
        plan.known_from,
        plan.known_to
    from {{ ref('int_instalment_plan__version') }} as plan

),

planned as (

    select * from {{ ref('int_instalment_plan__voucher') }}

),

-- The pipeline carries what decides, not what describes: the leg itself is joined again at the end.
leg as {{ read_once() }} (

    select
        {{ dense_key(['leg.event_key', 'leg.side', 'leg.is_undoing', 'leg.known_from']) }}
            as leg_key,
        leg.*
    from {{ ref('int_application__leg') }} as leg
    inner join planned
        on leg.voucher_key = planned.voucher_key

),

epoch as (

    {{ knowledge_epochs(['voucher_key'], ['plan', 'leg'], 'epoch_from', 'epoch_to') }}

),

epoch_plan as (

    select
        epoch.voucher_key,
        epoch.epoch_from,
        epoch.epoch_to,
        plan.instalment_no,
        plan.fill_no,
        plan.is_last,
        plan.amount
    from epoch
    inner join plan
        on
            epoch.voucher_key = plan.voucher_key
            and plan.known_from <= epoch.epoch_from
            and plan.known_to > epoch.epoch_from

),

nature as (

    select
        voucher_key,
        nature,
        known_from,
        known_to
    from {{ ref('int_voucher__timing') }}

),

epoch_leg as (

    select
        epoch.voucher_key,
        epoch.epoch_from,
        epoch.epoch_to,
        leg.leg_key,
        leg.instalment_no as named_instalment_no,
        nature.nature,
        -nature.nature * leg.amount_document as reduction,
        row_number() over (
            partition by epoch.voucher_key, epoch.epoch_from
            order by leg.effective_date, leg.is_undoing, leg.allocation_id, leg.event_no, leg.side
        ) as leg_no
    from epoch
    inner join leg
        on
            epoch.voucher_key = leg.voucher_key
            and leg.known_from <= epoch.epoch_from
            and leg.known_to > epoch.epoch_from
    inner join nature
        on
            epoch.voucher_key = nature.voucher_key
            and nature.known_from <= epoch.epoch_from
            and nature.known_to > epoch.epoch_from

),

-- A name that the plan does not know counts as no name.
crossed as (

    select
        epoch_leg.*,
        epoch_plan.instalment_no,
        epoch_plan.fill_no,
        epoch_plan.is_last,
        epoch_plan.amount as instalment_amount,
        case when named_plan.instalment_no is null then 0 else 1 end as is_named
    from epoch_leg
    inner join epoch_plan
        on epoch_leg.voucher_key = epoch_plan.voucher_key and epoch_leg.epoch_from
            = epoch_plan.epoch_from
    left join epoch_plan as named_plan
        on epoch_leg.voucher_key = named_plan.voucher_key
            and epoch_leg.epoch_from = named_plan.epoch_from
            and epoch_leg.named_instalment_no = named_plan.instalment_no

),

cumulated as (

    select
        *,
        sum(case when instalment_no = named_instalment_no then reduction else 0 end) over so_far
            as named_amount,
        sum(case when is_named = 0 then reduction else 0 end) over so_far as unnamed_amount
    from crossed
    window so_far as (
        partition by voucher_key, epoch_from, instalment_no
        order by leg_no
        rows between unbounded preceding and current row
    )

),

with_room as (

    select
        *,
        greatest(instalment_amount - named_amount, 0) as room,
        coalesce(
            sum(greatest(instalment_amount - named_amount, 0)) over (
                partition by voucher_key, epoch_from, leg_no
                order by fill_no
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as room_before
    from cumulated

),

settled as (

    select
        *,
        named_amount
        + case
            -- what exceeds all instalments, or is taken back beyond zero, stands on the last one
            when is_last and (unnamed_amount < 0 or unnamed_amount > room_before) then
                case when unnamed_amount < 0 then unnamed_amount
                    else unnamed_amount - room_before end
            when unnamed_amount < 0 then 0
            else least(greatest(unnamed_amount - room_before, 0), room)
        end as settled_amount
    from with_room

),

changed as (

    select
        *,
        settled_amount - coalesce(
            lag(settled_amount) over (partition by voucher_key, epoch_from,
                instalment_no order by leg_no), 0
        ) as settled_change
    from settled

),

spread as (

    select
        leg_key,
        instalment_no,
        fill_no,
        cast(-nature * settled_change as decimal(18, 2)) as amount_document,
        -- what stands on earlier instalments, and on all: the functional value is shared out along
        -- them
        cast(
            -nature * coalesce(sum(settled_change) over (
                partition by voucher_key, epoch_from, leg_no
                order by fill_no
                rows between unbounded preceding and 1 preceding
            ), 0) as decimal(18, 2)
        ) as amount_before,
        cast(-nature * reduction as decimal(18, 2)) as leg_amount,
        epoch_from as known_from,
        epoch_to as known_to
    from changed
    qualify
        settled_change <> 0
        -- a source exchange difference has no document amount; it stands on its named or first
        -- instalment
        or (reduction = 0 and instalment_no
            = coalesce(case when is_named = 1 then named_instalment_no end, -1))
        or (reduction = 0 and is_named = 0 and fill_no = 1)

),

merged as (

    {{ merge_pieces('spread', ['leg_key', 'instalment_no'], [
        'leg_key', 'instalment_no', 'fill_no', 'amount_document', 'amount_before', 'leg_amount'
    ]) }}

),

final as (

    select
        leg.voucher_key,
        merged.instalment_no,
        merged.fill_no,
        leg.event_key,
        leg.allocation_id,
        leg.event_no,
        leg.is_exchange_row,
        leg.is_sink,
        leg.functional_amount,
        leg.direction,
        leg.side,
        leg.counterpart_voucher_key,
        leg.customer_id,
        leg.is_undoing,
        leg.movement_kind,
        leg.is_all_domestic,
        leg.effective_date,
        merged.amount_document,
        merged.amount_before,
        merged.leg_amount,
        merged.known_from,
        merged.known_to,
        leg._load_id,
        leg._row
    from merged
    inner join leg
        on merged.leg_key = leg.leg_key

)

select * from final
