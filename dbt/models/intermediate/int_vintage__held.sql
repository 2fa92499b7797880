{{ config(materialized='table') }}

{#- What is unpaid of the items of a vintage, open or written off for credit reasons, from one step of
    30 days after the due date up to another, that one not included. An item has a row for each of
    its balances that a step meets, and for each write-off. -#}
{%- set of_item = [
    'open_item_id', 'company_code', 'customer_id', 'currency', 'deal_nature', 'is_intragroup',
    'quarter_start', 'due_date',
] %}
with

ripe as (

    select * from {{ ref('int_vintage__item') }}
    where first_step <= last_step

),

held as (

    -- the steps on whose day a balance stood
    select
        ripe.*,
        balance.open_amount_document,
        greatest(ripe.first_step, {{ vintage_step('ripe.due_date', 'balance.effective_from') }})
            as from_step,
        least(ripe.last_step + 1, {{ vintage_step('ripe.due_date', 'balance.effective_to') }})
            as until_step
    from ripe
    inner join {{ ref('fct_open_item_balance') }} as balance
        on ripe.open_item_id = balance.open_item_id
    where
        balance.known_to = {{ end_of_time() }}
        and balance.receivable_class = 'trade'
        and balance.open_amount_document > 0

),

lost as (

    select
        ripe.*,
        loss.amount_document as lost_amount_document,
        greatest(ripe.first_step, {{ vintage_step('ripe.due_date', 'loss.effective_date') }})
            as from_step
    from ripe
    inner join {{ ref('int_write_off__valued') }} as loss
        on ripe.open_item_id = loss.open_item_id

),

final as (

    select
        {{ of_item | join(', ') }},
        from_step,
        until_step,
        open_amount_document as open_document,
        cast(0 as decimal(18, 2)) as written_off_document
    from held
    where from_step < until_step
    union all
    select
        {{ of_item | join(', ') }},
        from_step,
        last_step + 1 as until_step,
        cast(0 as decimal(18, 2)) as open_document,
        lost_amount_document as written_off_document
    from lost
    where from_step <= last_step

)

select * from final
