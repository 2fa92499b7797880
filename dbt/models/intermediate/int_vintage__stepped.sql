{{ config(materialized='table') }}

{#- By how much what counts of a quarter's bills changes from one step of 30 days after the due date to the next: what
    has come that far, what of it is open, what of it is written off. An item enters with the first step on which it was
    booked and leaves after the last one that it can have reached by the as-of date, so that sums up to a step speak of
    the same items. Linear in items, balances and write-offs; no item is followed step by step. -#}
with

reach as (

    select * from {{ ref('int_vintage__item') }}

),

ripe as (

    select * from reach
    where first_step <= last_step

),

held as (

    select * from {{ ref('int_vintage__held') }}

),

{%- set vintage = ['company_code', 'deal_nature', 'is_intragroup', 'currency', 'quarter_start'] %}
{%- set measures = ['billed', 'reached', 'opened', 'written_off', 'item_count', 'young_item_count'] %}
{#- relation, condition, and what its rows change: measure -> (step, amount) at the beginning, then at the end -#}
{%- set changes = [
    ('reach', 'true', '0', {'billed': 'original_amount_document'}),
    ('reach', 'true', 'last_step + 1', {'young_item_count': '1'}),
    ('ripe', 'true', 'first_step', {'reached': 'original_amount_document', 'item_count': '1'}),
    ('ripe', 'true', 'last_step + 1', {'reached': '-original_amount_document', 'item_count': '-1'}),
    ('held', 'true', 'from_step',
        {'opened': 'open_document', 'written_off': 'written_off_document'}),
    ('held', 'true', 'until_step',
        {'opened': '-open_document', 'written_off': '-written_off_document'}),
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
