{{ config(materialized='table') }}

{#- Every part of every bill after each step, in both currencies. The parts share the carrying
    amount of the bill by cumulative rounding (L6): what moves from one to another nets to zero,
    and nothing is left at 0. -#}
with

voucher as (

    select *
    from {{ ref('int_voucher__version') }}
    where bill_outcome is not null

),

step as (

    select
        voucher.voucher_key,
        voucher.customer_id,
        -voucher.amount_functional as functional_amount,
        step.step_no,
        step.effective_date,
        step.told_as,
        step.is_with_recourse,
        step.receipt_amount,
        step.held_amount,
        step.passed_amount,
        step.back_amount,
        greatest(voucher.known_from, step.known_from) as known_from,
        least(voucher.known_to, step.known_to) as known_to,
        step._load_id,
        step._row
    from voucher
    inner join {{ ref('int_bill__step') }} as step
        on
            voucher.voucher_key = step.voucher_key
            and voucher.known_from < step.known_to
            and voucher.known_to > step.known_from

),

carried as (

    select
        *,
        {{ money_share('functional_amount', 'passed_amount', 'receipt_amount') }}
            as passed_functional,
        {{ money_share('functional_amount', '(passed_amount + held_amount)', 'receipt_amount') }}
            as unpaid_functional,
        {{ money_share('functional_amount', '(passed_amount + held_amount + back_amount)',
            'receipt_amount') }} as whole_functional
    from step

),

final as (

    {% for part in bill_parts() -%}
    select
        item.item_key,
        item.voucher_key,
        carried.customer_id,
        carried.step_no,
        carried.effective_date,
        carried.told_as,
        carried.is_with_recourse,
        carried.{{ part.name }}_amount as open_document,
        {{ {
            'held': 'carried.unpaid_functional - carried.passed_functional',
            'passed': 'carried.passed_functional',
            'back': 'carried.whole_functional - carried.unpaid_functional'
        }[part.name] }} as open_functional,
        carried.known_from,
        carried.known_to,
        carried._load_id,
        carried._row
    from carried
    inner join {{ ref('int_open_item__keyed') }} as item
        on
            carried.voucher_key = item.voucher_key
            and item.voucher_kind = 'B'
            and item.instalment_no = {{ part.no }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
