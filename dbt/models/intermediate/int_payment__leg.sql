{{ config(materialized='table') }}

{#- What settled items of class trade, as ever believed: one row per movement and what it meant.
    What was undone is a leg with the other sign. What a reversal undid and which cash was a
    recovery are told as known now: that is what a leg is, not whether it was there. -#}
with

movement as (

    select
        open_item_id,
        company_code,
        counterpart_open_item_id,
        allocation_id,
        effective_date,
        movement_kind,
        -amount_document as amount_document,
        known_from,
        known_to
    from {{ ref('fct_receivable_movement') }}
    where
        effective_date <= {{ as_of() }}
        and receivable_class = 'trade'
        and allocation_id is not null
        and movement_kind in (
            'cash', 'bill_received', 'reversal', 'settlement', 'write_off', 'write_off_recovery'
        )
        and amount_document <> 0

),

meant as (

    select
        movement.open_item_id,
        movement.company_code,
        movement.counterpart_open_item_id as receipt_item_id,
        case
            when movement.movement_kind in ('cash', 'bill_received') then 'paid'
            when movement.movement_kind = 'reversal' and reversal.meant_kind not in (
                'settlement', 'write_off'
            )
                then 'paid'
            when movement.movement_kind = 'reversal' then reversal.meant_kind
            else movement.movement_kind
        end as means,
        movement.effective_date as applied_on,
        movement.amount_document,
        movement.known_from,
        movement.known_to
    from movement
    left join {{ ref('int_reversal__meant') }} as reversal
        on
            movement.movement_kind = 'reversal'
            and movement.open_item_id = reversal.open_item_id
            and movement.allocation_id = reversal.allocation_id

),

-- A recovery through receivables is one movement up and cash down on one day: that cash pays no
-- invoice in time or late (accounting D2).
recovered_day as (

    select
        open_item_id,
        applied_on,
        -sum(amount_document) as recovered_amount
    from meant
    where means = 'write_off_recovery' and known_to = {{ end_of_time() }}
    group by open_item_id, applied_on

),

in_line as (

    select
        meant.*,
        greatest(
            recovered_day.recovered_amount - coalesce(
                sum(meant.amount_document) over (
                    partition by meant.open_item_id, meant.applied_on, meant.known_to
                    order by meant.receipt_item_id
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ),
            0
        ) as recovered_amount
    from meant
    inner join recovered_day
        on
            meant.open_item_id = recovered_day.open_item_id
            and meant.applied_on = recovered_day.applied_on
    where meant.means = 'paid' and meant.amount_document > 0

),

final as (

    select
        open_item_id,
        company_code,
        receipt_item_id,
        means,
        applied_on,
        amount_document,
        known_from,
        known_to
    from meant
    {% for means, sign in [('paid', '-'), ('recovered', '')] -%}
    union all
    select
        open_item_id,
        company_code,
        receipt_item_id,
        '{{ means }}' as means,
        applied_on,
        {{ sign }}least(recovered_amount, amount_document) as amount_document,
        known_from,
        known_to
    from in_line
    where recovered_amount > 0
    {% endfor %}

)

select * from final
