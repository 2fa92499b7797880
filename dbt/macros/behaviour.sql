{#- Windows of payment behaviour and what is summed in them, at every month end and the as-of date.

    Belongs here: what several of int_behaviour__* count by. Must not: thresholds (policy_parameter).

    Every figure is one of the day and of what was known then: a fact has a date of its own (`dated_on`: the day of a
    payment, of an invoice) and the days on which it stood and was believed ([day_from, day_to), known_days.sql). For
    each window the evaluations that see it are one run of months, so a fact is two steps of a running sum per window,
    however many months there are. -#}

{#- Windows by name: the first evaluation that sees a fact and the first that no longer does, as numbers of
    int_kpi__month. The 12 months are calendar months with the running one, as in mart_receivable_kpi;
    `12_months_before` are the 365 days before the 90. A fact has dated_on, dated_no (its month), from_no, to_no (the
    first evaluations from day_from and day_to on) and after_90_no, after_455_no. -#}
{% macro behaviour_windows() -%}
    {{ return({
        '90_days': {'from': 'from_no', 'to': 'least(to_no, after_90_no)'},
        '12_months': {'from': 'from_no', 'to': 'least(to_no, dated_no + 12)'},
        '24_months': {'from': 'from_no', 'to': 'least(to_no, dated_no + 24)'},
        '12_months_before': {'from': 'greatest(from_no, after_90_no)', 'to': 'least(to_no, after_455_no)'},
        'all': {'from': 'from_no', 'to': 'to_no'}
    }) }}
{%- endmacro %}

{#- `relation` with the numbers that behaviour_windows() asks for. -#}
{% macro with_evaluations(relation) %}
select
    fact.*,
    {{ calendar_months_between('horizon.first_month', 'fact.dated_on') }} + 1 as dated_no,
    {{ evaluation_no('greatest(fact.dated_on, fact.day_from)') }} as from_no,
    {{ evaluation_no('fact.day_to') }} as to_no,
    {{ evaluation_no(add_days('fact.dated_on', 90)) }} as after_90_no,
    {{ evaluation_no(add_days('fact.dated_on', 455)) }} as after_455_no
from {{ relation }} as fact
cross join (
    select
        min(month_start) as first_month,
        max(month_no) as last_no
    from {{ ref('int_kpi__month') }}
) as horizon
{% endmacro %}

{#- Number of the first evaluation on or after a day; one more than the last where there is none. -#}
{% macro evaluation_no(day) -%}
    case
        when {{ day }} > {{ as_of() }} then horizon.last_no + 1
        else greatest({{ calendar_months_between('horizon.first_month', day) }} + 1, 1)
    end
{%- endmacro %}

{#- What is left of amounts that come and go: rows of `relation` (key columns, day_from, day_to, amount_document) summed
    per key into the days on which something was left. Keys with one row pass through unsorted. -#}
{% macro standing_amounts(relation, key) %}
with

repeated as (

    {{ repeated_keys(relation, key) }}

),

stepped as (

    {% for sign, day in [('', 'day_from'), ('-', 'day_to')] -%}
    select
        {{ qualified('piece', key) }},
        piece.{{ day }} as day,
        {{ sign }}piece.amount_document as change
    from {{ relation }} as piece
    inner join repeated
        on {{ equal_key('piece', 'repeated', key) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

running as (

    select
        {{ key | join(', ') }},
        day,
        coalesce(
            lead(day) over (partition by {{ key | join(', ') }} order by day), {{ end_of_days() }}
        ) as next_day,
        sum(sum(change)) over (
            partition by {{ key | join(', ') }}
            order by day
            rows between unbounded preceding and current row
        ) as amount_document
    from stepped
    group by {{ key | join(', ') }}, day

)

select
    {{ qualified('single', key) }},
    single.day_from,
    single.day_to,
    single.amount_document
from {{ relation }} as single
left join repeated
    on {{ equal_key('single', 'repeated', key) }}
where repeated.row_count is null and single.amount_document > 0
union all
select
    {{ key | join(', ') }},
    day as day_from,
    next_day as day_to,
    cast(amount_document as decimal(18, 2)) as amount_document
from running
where amount_document > 0 and day < next_day and day <= {{ as_of() }}
{% endmacro %}

{#- What facts are summed of, by the relation of int_behaviour__fact that brings it. -#}
{% macro behaviour_sums() -%}
    {{ return({
        'paid': ['payment_count', 'paid_amount', 'late_amount_days', 'pay_amount_days', 'days_late_sum', 'days_late_squared_sum',
            'late_count', 'late_amount', 'excluded_payment_count', 'unconverted_count', 'clearing_date_count'],
        'item': ['paid_item_count', 'settled_item_count', 'settled_amount', 'part_paid_item_count', 'paid_document_count',
            'discount_offered_count', 'discount_taken_count'],
        'payment_day': ['payment_day_count', 'last_business_days_count', 'last_calendar_days_count'],
        'billed': ['billed_amount'],
        'dispute': ['dispute_count', 'disputed_amount'],
        'promise': ['promise_count', 'promise_kept_count']
    }) }}
{%- endmacro %}
