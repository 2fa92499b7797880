{{ config(materialized='table') }}

{#- By how much what counts of a quarter's bills changes from one step of 30 days after the due date to the next: what
    has come that far, what of it is open, what of it is written off. An item enters with the first step on which it was
    booked and leaves after the last one that it can have reached by the as-of date, so that sums up to a step speak of
    the same items. Linear in items, balances and write-offs; no item is followed step by step. -#}
with

item as (

    select
        item.open_item_id,
        item.company_code,
        item.currency,
        coalesce(customer.deal_nature, 'other') as deal_nature,
        coalesce(customer.is_intragroup, false) as is_intragroup,
        {{ add_months(month_start('item.posting_date'),
            '-cast((extract(month from item.posting_date) - 1) % 3 as int)') }} as quarter_start,
        coalesce(item.original_due_date, item.due_date) as due_date,
        item.opened_on,
        item.original_amount_document
    from {{ ref('fct_open_item') }} as item
    left join {{ ref('dim_customer') }} as customer
        on
            item.company_code = customer.company_code
            and item.customer_id = customer.customer_id
    where
        item.is_current
        and item.receivable_class = 'trade'
        and item.original_amount_document > 0
        -- of an opening balance only what nobody had paid is known; what was cancelled was never owed
        and item.item_kind not in ('receipt', 'refund', 'credit_note', 'opening_balance')
        and item.voided_on is null
        -- due when a warranty ends, a year and more later, on other terms (mart_retention)
        and item.instalment_kind <> 'retention'
        and not item.is_age_unknown

),

reach as (

    select
        *,
        {{ vintage_step('due_date', 'opened_on') }} as first_step,
        {{ vintage_reach('due_date') }} as last_step
    from item

),

ripe as (

    select * from reach
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

{%- set vintage = ['company_code', 'deal_nature', 'is_intragroup', 'currency', 'quarter_start'] %}
{%- set measures = ['billed', 'reached', 'opened', 'written_off', 'item_count', 'young_item_count'] %}
{#- relation, condition, and what its rows change: measure -> (step, amount) at the beginning, then at the end -#}
{%- set changes = [
    ('reach', 'true', '0', {'billed': 'original_amount_document'}),
    ('reach', 'true', 'last_step + 1', {'young_item_count': '1'}),
    ('ripe', 'true', 'first_step', {'reached': 'original_amount_document', 'item_count': '1'}),
    ('ripe', 'true', 'last_step + 1', {'reached': '-original_amount_document', 'item_count': '-1'}),
    ('held', 'from_step < until_step', 'from_step', {'opened': 'open_amount_document'}),
    ('held', 'from_step < until_step', 'until_step', {'opened': '-open_amount_document'}),
    ('lost', 'from_step <= last_step', 'from_step', {'written_off': 'lost_amount_document'}),
    ('lost', 'from_step <= last_step', 'last_step + 1', {'written_off': '-lost_amount_document'}),
] %}

change as (

    {% for relation, condition, step, changed in changes -%}
    select
        {{ vintage | join(', ') }},
        {{ step }} as step_no,
        {% for measure in measures -%}
        {{ changed.get(measure, '0') }} as {{ measure }}{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ relation }}
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        {{ vintage | join(', ') }},
        cast(step_no as int) as step_no,
        {% for measure in measures -%}
        {%- if measure.endswith('count') %}
        cast(sum({{ measure }}) as bigint) as {{ measure }}
        {%- else %}
        cast(sum({{ measure }}) as decimal(18, 2)) as {{ measure }}_document
        {%- endif %}{{ ',' if not loop.last }}
        {% endfor -%}
    from change
    where step_no <= {{ vintage_steps() }}
    group by {{ vintage | join(', ') }}, step_no

)

select * from final
