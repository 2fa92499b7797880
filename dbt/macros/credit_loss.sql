{#- The product of a column of rates, NULL where one of them is, to nine decimals. -#}
{% macro product_of(rate) -%}
case
    when count(*) <> count({{ rate }}) then null
    when min({{ rate }}) <= 0 then cast(0 as decimal(18, 9))
    else cast(round(exp(sum(ln(cast(case when {{ rate }} > 0 then {{ rate }} end as double)))), 9) as decimal(18, 9))
end
{%- endmacro %}

{#- A share of two sums as a rate to nine decimals, NULL where the whole is not positive. -#}
{% macro rate_of(part, whole) -%}
cast(
    round(cast({{ part }} as double) / case when {{ whole }} > 0 then cast({{ whole }} as double) end, 9)
    as decimal(18, 9)
)
{%- endmacro %}

{#- The parts that an observed amount is found in at the end of a step (DECISIONS 30). Their sum is the amount. -#}
{% macro outcome_parts() -%}
    {{ return(['still_open', 'open_as_bill', 'written_off', 'diluted', 'set_off', 'paid', 'other']) }}
{%- endmacro %}

{#- What became of amounts that were open on `start_day`, by `end_day`: the rows of `observed` (open_item_id, start_day,
    end_day, amount_document, effective_to of the rectangle that `start_day` is in) with outcome_parts(). What an item
    lost is looked for in its movements, in this order: credit losses, credits, offsets, bills, cash; what none of
    them explains is `other`. Written off is net of `recovered`, what came back of it. -#}
{% macro outcome_of(observed) -%}
with

-- a rectangle that goes on behind the end has lost nothing
changed as {{ read_once() }} (

    select
        open_item_id,
        start_day,
        end_day,
        amount_document
    from {{ observed }}
    where effective_to <= end_day

),

behind as (

    select
        changed.open_item_id,
        changed.start_day,
        changed.end_day,
        greatest(balance.open_amount_document, 0) as open_document
    from changed
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            changed.open_item_id = balance.open_item_id
            and balance.effective_from <= changed.end_day
            and balance.effective_to > changed.end_day
    where balance.known_to = {{ end_of_time() }}

),

moved as (

    select
        changed.open_item_id,
        changed.start_day,
        changed.end_day,
        movement.counterpart_open_item_id,
        movement.allocation_id,
        movement.movement_kind,
        -- what the item lost
        -movement.amount_document as lost_document
    from changed
    inner join {{ ref('fct_receivable_movement') }} as movement
        on
            changed.open_item_id = movement.open_item_id
            and movement.effective_date > changed.start_day
            and movement.effective_date <= changed.end_day
    where movement.known_to = {{ end_of_time() }} and movement.amount_document <> 0

),

-- What is undone is of the kind of what it undoes; without an allocation it is the document itself.
kind as {{ read_once() }} (

    select
        moved.open_item_id,
        moved.start_day,
        moved.end_day,
        moved.allocation_id,
        moved.lost_document,
        coalesce(moved.counterpart_open_item_id, reversal.counterpart_open_item_id) as counterpart_open_item_id,
        case
            when moved.movement_kind <> 'reversal' then moved.movement_kind
            when moved.allocation_id is null then 'credit_note'
            else reversal.meant_kind
        end as movement_kind
    from moved
    left join {{ ref('int_reversal__meant') }} as reversal
        on
            moved.movement_kind = 'reversal'
            and moved.open_item_id = reversal.open_item_id
            and moved.allocation_id = reversal.allocation_id

),

-- How much of a bill is still out on the day: held, passed on with recourse, or come back.
bill_leg as (

    select distinct
        kind.counterpart_open_item_id,
        kind.end_day,
        receipt.company_code,
        receipt.document_id,
        -receipt.original_amount_document as bill_amount,
        acceptor.is_open_until_honoured
    from kind
    inner join {{ ref('fct_open_item') }} as receipt
        on kind.counterpart_open_item_id = receipt.open_item_id
    inner join {{ ref('int_provision__acceptor') }} as acceptor
        on receipt.company_code = acceptor.company_code and receipt.document_id = acceptor.receipt_id
    where kind.movement_kind = 'bill_received'

),

bill_out as (

    select
        bill_leg.counterpart_open_item_id,
        bill_leg.end_day,
        sum(balance.open_amount_document) as out_document
    from bill_leg
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            bill_leg.company_code = balance.company_code
            and bill_leg.document_id = balance.document_id
            and balance.item_kind = 'bill'
            and balance.effective_from <= bill_leg.end_day
            and balance.effective_to > bill_leg.end_day
    where bill_leg.is_open_until_honoured and balance.known_to = {{ end_of_time() }}
    group by bill_leg.counterpart_open_item_id, bill_leg.end_day

),

meant as (

    select
        kind.open_item_id,
        kind.start_day,
        kind.end_day,
        kind.lost_document,
        kind.movement_kind = 'write_off_recovery' as is_recovery,
        case
            when kind.movement_kind = 'bill_received'
                then coalesce(
                    {{ money_share('kind.lost_document', 'bill_out.out_document', 'bill_leg.bill_amount') }}, 0
                )
            else 0
        end as open_as_bill,
        case
            when kind.movement_kind in ('write_off', 'write_off_recovery')
                then case when coalesce(reason.is_credit_loss, true) then 'written_off' else 'other' end
            when kind.movement_kind in ('credit_note', 'discount') then 'diluted'
            when kind.movement_kind = 'offset' then 'set_off'
            when kind.movement_kind in (
                'cash', 'refund', 'bill_received', 'bill_honoured', 'bill_discounted', 'bill_endorsed'
            )
                then 'paid'
            -- of a bill: passed on with recourse, or come back and open again
            when kind.movement_kind in ('class_transfer', 'bill_dishonoured', 'bill_returned') then 'still_open'
            else 'other'
        end as means
    from kind
    left join bill_leg
        on kind.counterpart_open_item_id = bill_leg.counterpart_open_item_id and kind.end_day = bill_leg.end_day
    left join bill_out
        on kind.counterpart_open_item_id = bill_out.counterpart_open_item_id and kind.end_day = bill_out.end_day
    left join {{ ref('int_write_off__reason') }} as reason
        on kind.open_item_id = reason.open_item_id and kind.allocation_id = reason.allocation_id

),

sums as (

    select
        open_item_id,
        start_day,
        end_day,
        {% for means in ['written_off', 'diluted', 'set_off', 'still_open'] -%}
        greatest(sum(case when means = '{{ means }}' then lost_document else 0 end), 0) as {{ means }},
        {% endfor -%}
        greatest(sum(case when means = 'written_off' and is_recovery then -lost_document else 0 end), 0) as recovered,
        greatest(sum(open_as_bill), 0) as open_as_bill,
        greatest(sum(case when means = 'paid' then lost_document - open_as_bill else 0 end), 0) as paid
    from meant
    group by open_item_id, start_day, end_day

),

-- A document that was credited and issued again is still owed, as far as the new one is (accounting A16).
reissue as (

    select
        item.open_item_id,
        again.open_item_id as again_open_item_id
    from {{ ref('stg_landing__document') }} as document
    inner join {{ ref('fct_open_item') }} as item
        on document.company_code = item.company_code and document.replaces_document_id = item.document_id
    inner join {{ ref('fct_open_item') }} as again
        on
            document.company_code = again.company_code
            and document.document_id = again.document_id
            and item.instalment_no = again.instalment_no
    where
        not document.is_deleted
        and document.known_to = {{ end_of_time() }}
        and document.document_type in ('invoice', 'debit_note')
        and document.replaces_document_id <> document.document_id
        and item.item_kind in ('invoice', 'debit_note')
        and again.item_kind in ('invoice', 'debit_note')

),

reissued as (

    select
        changed.open_item_id,
        changed.start_day,
        changed.end_day,
        sum(greatest(balance.open_amount_document, 0)) as open_document
    from changed
    inner join reissue
        on changed.open_item_id = reissue.open_item_id
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            reissue.again_open_item_id = balance.open_item_id
            and balance.effective_from <= changed.end_day
            and balance.effective_to > changed.end_day
    where balance.known_to = {{ end_of_time() }}
    group by changed.open_item_id, changed.start_day, changed.end_day

),

line as (

    select
        observed.*,
        case
            when changed.open_item_id is null then observed.amount_document
            else least(
                observed.amount_document,
                coalesce(behind.open_document, 0) + coalesce(sums.still_open, 0)
                + least(coalesce(sums.diluted, 0), coalesce(reissued.open_document, 0))
            )
        end as still_open,
        coalesce(sums.recovered, 0) as recovered,
        {% for part in ['written_off', 'diluted', 'set_off', 'open_as_bill', 'paid'] -%}
        coalesce(sums.{{ part }}, 0) as {{ part }}_moved{{ ',' if not loop.last }}
        {% endfor %}
    from {{ observed }} as observed
    left join changed
        on {{ equal_key('observed', 'changed', ['open_item_id', 'start_day', 'end_day']) }}
    left join behind
        on {{ equal_key('observed', 'behind', ['open_item_id', 'start_day', 'end_day']) }}
    left join sums
        on {{ equal_key('observed', 'sums', ['open_item_id', 'start_day', 'end_day']) }}
    left join reissued
        on {{ equal_key('observed', 'reissued', ['open_item_id', 'start_day', 'end_day']) }}

),

{%- set before = namespace(sum='still_open') %}
{% for part in ['written_off', 'diluted', 'set_off', 'open_as_bill', 'paid'] -%}
with_{{ part }} as (

    select
        *,
        least(amount_document - ({{ before.sum }}), {{ part }}_moved) as {{ part }}
    from {{ 'line' if loop.first else 'with_' ~ before.part }}

),

{% set before.sum = before.sum ~ ' + ' ~ part -%}
{%- set before.part = part -%}
{% endfor -%}
final as (

    select
        *,
        amount_document - ({{ before.sum }}) as other
    from with_paid

)

select * from final
{%- endmacro %}

{#- Whether a debtor and what it owes are what a segment asks for: every column that it fills (policy section 6). -#}
{% macro is_in_segment(segment, customer, receivable_class, acceptor, is_individual) -%}
(
    {{ is_among(segment ~ '.receivable_class', receivable_class) }}
    and {{ is_among(segment ~ '.acceptor', acceptor) }}
    and {{ is_as_asked(segment ~ '.is_individual', is_individual) }}
    and {{ is_as_asked(segment ~ '.is_intragroup', customer ~ '.is_intragroup') }}
    and {{ is_as_asked(segment ~ '.is_abroad', customer ~ '.is_abroad') }}
    {%- for column in ['related_party', 'ownership', 'customer_type', 'deal_nature', 'grade'] %}
    and {{ is_among(segment ~ '.' ~ column, customer ~ '.' ~ column) }}
    {%- endfor %}
)
{%- endmacro %}
