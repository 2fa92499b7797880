{{ config(materialized='table') }}

{#- Items open on the as-of date as known now: the one input of the current marts, so that they
    cannot disagree. -#}
with

today as (

    select {{ as_of() }} as day

),

balance as (

    select
        balance.*,
        today.day
    from {{ ref('fct_open_item_balance') }} as balance
    cross join today
    where
        balance.known_to = {{ end_of_time() }}
        and balance.effective_from <= {{ as_of() }}
        and balance.effective_to > {{ as_of() }}

),

dispute as (

    {{ disputes_open_on('today') }}

),

rate as (

    select *
    from {{ ref('int_fx_rate__closing') }}
    where day = {{ as_of() }}

),

disputed as (

    {{ with_disputed_amount('balance', 'dispute') }}

),

final as (

    select
        disputed.*,
        rate.rate_to_reporting,
        {{ money_times_rate('disputed.open_amount_document', 'rate.rate_to_reporting') }}
            as open_amount_reporting,
        {{ days_between('disputed.due_date', as_of()) }} as days_past_due,
        {{ days_between('disputed.original_due_date', as_of()) }} as days_past_original_due
    from disputed
    left join rate
        on disputed.company_code = rate.company_code and disputed.currency = rate.currency

)

select * from final
