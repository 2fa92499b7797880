{{ config(materialized='table') }}

{#- Items open on the as-of date as known now: the one input of the current marts, so that they
    cannot disagree. -#}
with

balance as (

    select *
    from {{ ref('fct_open_item_balance') }}
    where
        known_to = {{ end_of_time() }}
        and effective_from <= {{ as_of() }}
        and effective_to > {{ as_of() }}

),

dispute as (

    -- accounting B8: contested while open on the day, never removed from overdue
    select
        company_code,
        document_id,
        instalment_no,
        sum(coalesce(amount, {{ money('9999999999999999') }})) as disputed_amount
    from {{ ref('stg_landing__dispute') }}
    where
        not is_deleted
        and known_to = {{ end_of_time() }}
        and opened_on <= {{ as_of() }}
        and (closed_on is null or closed_on > {{ as_of() }})
    group by company_code, document_id, instalment_no

),

rate as (

    select *
    from {{ ref('int_fx_rate__closing') }}
    where day = {{ as_of() }}

),

-- A dispute of the whole document is spread over its items, oldest first, each up to what is open.
named as (

    select
        balance.*,
        coalesce(own_dispute.disputed_amount, 0) as named_dispute,
        coalesce(document_dispute.disputed_amount, 0) as document_dispute,
        greatest(balance.open_amount_document, 0) as open_debit
    from balance
    left join dispute as own_dispute
        on
            balance.company_code = own_dispute.company_code
            and balance.document_id = own_dispute.document_id
            and balance.instalment_no = own_dispute.instalment_no
            and balance.item_kind not in ('receipt', 'refund')
    left join dispute as document_dispute
        on
            balance.company_code = document_dispute.company_code
            and balance.document_id = document_dispute.document_id
            and document_dispute.instalment_no is null
            and balance.item_kind not in ('receipt', 'refund')

),

spread as (

    select
        *,
        coalesce(
            sum(greatest(open_debit - named_dispute, 0)) over (
                partition by company_code, document_id
                order by due_date, instalment_no
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as room_before
    from named

),

final as (

    select
        spread.*,
        cast(
            least(
                open_debit,
                named_dispute + greatest(document_dispute - room_before, 0)
            ) as decimal(18, 2)
        ) as disputed_amount_document,
        rate.rate_to_reporting,
        {{ money_times_rate('spread.open_amount_document', 'rate.rate_to_reporting') }}
            as open_amount_reporting,
        {{ days_between('spread.due_date', as_of()) }} as days_past_due,
        {{ days_between('spread.original_due_date', as_of()) }} as days_past_original_due
    from spread
    left join rate
        on spread.company_code = rate.company_code and spread.currency = rate.currency

)

select * from final
