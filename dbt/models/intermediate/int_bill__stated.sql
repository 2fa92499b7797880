{{ config(materialized='table') }}

{#- Where the amount of every bill receipt stands on the as-of date, as known now: the states of
    bill_states(), which share it without rest. What is left of it is that of int_bill__step; what was
    told says under which name: endorsed before discounted, dishonoured before returned. -#}
with

outcome as (

    select
        voucher_key,
        bill_outcome,
        voided_on,
        -- void stays void, whatever is told of the bill afterwards
        least(voided_on, {{ as_of() }}) as day
    from {{ ref('int_bill__outcome') }}
    where known_to = {{ end_of_time() }}

),

told as (

    select
        told.voucher_key,
        {% for kind in ['endorsed', 'discounted'] -%}
        sum(
            case when told.kind = '{{ kind }}' and told.is_with_recourse then told.amount else 0 end
        ) as {{ kind }}_with_recourse,
        sum(
            case when told.kind = '{{ kind }}' and not told.is_with_recourse then told.amount
                else 0 end
        ) as {{ kind }}_without_recourse,
        {% endfor -%}
        {% for kind in ['pledged', 'dishonoured', 'returned'] -%}
        sum(case when told.kind = '{{ kind }}' then told.amount else 0 end) as {{ kind }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_bill__told') }} as told
    inner join outcome
        on told.voucher_key = outcome.voucher_key
    where told.known_to = {{ end_of_time() }} and told.effective_date <= outcome.day
    group by told.voucher_key

),

step as (

    select *
    from {{ ref('int_bill__step') }}
    where known_to = {{ end_of_time() }} and effective_date <= {{ as_of() }}
    qualify row_number() over (partition by voucher_key order by step_no desc) = 1

),

named as (

    select
        step.voucher_key,
        step.receipt_amount,
        step.held_amount,
        step.passed_amount,
        step.back_amount,
        step.gone_amount,
        step.lapsed_amount,
        case when step.is_void then step.receipt_amount else step.back_amount end as refused_amount,
        case when step.is_void then outcome.voided_on end as voided_on,
        coalesce(step.maturity_date < {{ as_of() }}, false) as is_matured,
        least(told.pledged, step.held_amount) as pledged_amount,
        least(told.endorsed_with_recourse, step.passed_amount) as endorsed_with_recourse,
        least(told.endorsed_without_recourse, step.gone_amount) as endorsed_without_recourse,
        -- what a status of the receipt voids has its name, beyond what events had told before
        case
            when step.is_void and outcome.bill_outcome = 'dishonoured'
                then greatest(
                    step.receipt_amount - told.returned,
                    least(told.dishonoured, step.receipt_amount)
                )
            when step.is_void then least(told.dishonoured, step.receipt_amount)
            else least(told.dishonoured, step.back_amount)
        end as dishonoured
    from step
    inner join told
        on step.voucher_key = told.voucher_key
    inner join outcome
        on step.voucher_key = outcome.voucher_key

),

stated as (

    select
        *,
        case when is_matured then held_amount else 0 end as matured_without_outcome,
        case when is_matured then 0 else held_amount - pledged_amount end as in_hand,
        case when is_matured then 0 else pledged_amount end as pledged,
        passed_amount - endorsed_with_recourse as discounted_with_recourse,
        refused_amount - dishonoured as returned,
        receipt_amount - held_amount - passed_amount - gone_amount - lapsed_amount - refused_amount
            as honoured,
        lapsed_amount as recourse_ended,
        gone_amount - endorsed_without_recourse as discounted_without_recourse
    from named

),

-- the name of a bill is that of the largest part of it
headline as (

    select
        *,
        greatest(
            {%- for state in bill_states() %}
            {{ state.name }}{{ ',' if not loop.last }}
            {%- endfor %}
        ) as largest_amount
    from stated

),

final as (

    select
        voucher_key,
        voided_on,
        held_amount,
        passed_amount,
        back_amount,
        {% for state in bill_states() -%}
        cast({{ state.name }} as decimal(18, 2)) as {{ state.name }}_amount,
        {% endfor -%}
        case
            {% for state in bill_states() -%}
            when {{ state.name }} = largest_amount then '{{ state.name }}'
            {% endfor -%}
        end as bill_state,
        {% for state in bill_states() -%}
        case when {{ state.name }} <> 0 then 1 else 0 end{{ ' +' if not loop.last }}
        {% endfor -%}
        as state_count
    from headline

)

select * from final
