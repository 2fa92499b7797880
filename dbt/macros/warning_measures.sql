{#- What early-warning rules may look at (policy section 3): measures over time, per subject.

    Belongs here: the subjects of rules and the measures of each, with their units, and their values on a day. Must not:
    how a measure is made (int_warning__*), what rules ask of it (warning_rules.sql). -#}

{#- What a rule may be about (a `member` is a party looked at when all other rules have spoken: beside the others of its
    group, or for what its own warnings add up to), and the measures over time of each: parts are relations with a key, effective_from and
    effective_to (half open, in days), and per measure its unit: amount in the reporting currency, rate, days, count, number;
    since, until = days from a date, or to it, counted on the day; date and text only in messages. `columns`: where a measure has another
    name there. -#}
{% macro warning_subjects() %}
    {{ return({
        'party': [
            {'model': 'int_warning__owed', 'key': 'party_id', 'columns': {
                'oldest_overdue_days': 'oldest_due_date'
            }, 'measures': {
                'net_overdue_0': 'amount', 'net_overdue_7': 'amount', 'net_overdue_15': 'amount',
                'net_overdue_30': 'amount', 'net_overdue_45': 'amount', 'net_overdue_60': 'amount',
                'net_overdue_90': 'amount', 'gross_receivable': 'amount', 'overdue_rate': 'rate',
                'overdue_rate_30_days_before': 'rate', 'overdue_rate_rise': 'rate', 'overdue_30_share': 'rate',
                'oldest_due_date': 'date', 'oldest_overdue_days': 'since'
            }},
            {'model': 'int_warning__customer_state', 'key': 'party_id', 'measures': {'status': 'text'}},
            {'model': 'int_warning__exposed', 'key': 'party_id', 'measures': {
                'exposure': 'amount', 'uncovered_exposure': 'amount', 'exposure_90_days_before': 'amount',
                'exposure_growth': 'rate'
            }},
            {'model': 'int_warning__billed', 'key': 'party_id', 'measures': {
                'billed_90': 'amount', 'billed_90_before': 'amount', 'billed_growth': 'rate'
            }},
            {'model': 'int_warning__behaved', 'key': 'party_id', 'columns': {
                'tenure_days': 'first_billed_on'
            }, 'measures': {
                'late_days_recent': 'number', 'late_days_before': 'number', 'trend_days': 'number',
                'trend_p_value': 'number', 'late_days_amount': 'amount', 'late_item_count': 'count',
                'payment_gap_p90_days': 'days', 'tenure_days': 'since', 'paid_document_count': 'count'
            }},
            {'model': 'int_warning__paying', 'key': 'party_id', 'columns': {
                'days_since_payment': 'last_paid_on'
            }, 'measures': {
                'days_since_payment': 'since', 'last_paid_on': 'date', 'last_payment_amount': 'amount'
            }},
            {'model': 'int_warning__promised', 'key': 'party_id', 'measures': {
                'promise_shortfall': 'amount', 'broken_promise_count': 'count', 'broken_plan_count': 'count',
                'promised_date': 'date', 'promised_amount': 'amount', 'received_amount': 'amount'
            }},
            {'model': 'int_warning__returned', 'key': 'party_id', 'measures': {
                'returned_180': 'amount', 'returned_90_count': 'count', 'returned_not_replaced': 'amount',
                'returned_on': 'date', 'returned_amount': 'amount', 'returned_kind_zh': 'text',
                'returned_kind_en': 'text'
            }},
            {'model': 'int_warning__told', 'key': 'party_id', 'measures': {
                'stop_event_count': 'count', 'industry_alert_count': 'count', 'bad_news_count': 'count',
                'stop_event_date': 'date', 'stop_source': 'text', 'stop_event_zh': 'text',
                'stop_event_en': 'text', 'bad_news_date': 'date', 'bad_news_source': 'text',
                'bad_news_zh': 'text', 'bad_news_en': 'text'
            }},
            {'model': 'int_warning__accounts', 'key': 'party_id', 'measures': {
                'accounts_period_end': 'date', 'z_score': 'number', 'equity': 'amount',
                'operating_cash_flow': 'amount', 'liabilities_rate': 'rate', 'weak_sign_count': 'count'
            }},
            {'model': 'int_warning__graded', 'key': 'party_id', 'measures': {
                'grade_rung': 'count', 'grade_steps_fallen': 'count', 'grade_steps_lost': 'count',
                'grade_now': 'text', 'grade_before': 'text', 'grade_cause_zh': 'text',
                'grade_cause_en': 'text'
            }},
            {'model': 'int_warning__limitation', 'key': 'party_id', 'columns': {
                'limitation_days_left': 'limitation_deadline'
            }, 'measures': {
                'limitation_amount_90': 'amount', 'limitation_amount_30': 'amount',
                'limitation_deadline': 'date', 'limitation_days_left': 'until', 'limitation_document': 'text',
                'limitation_restarted_on': 'date'
            }},
            {'model': 'int_warning__unapplied', 'key': 'party_id', 'measures': {
                'unapplied_old': 'amount', 'unapplied_old_30': 'amount', 'overdue_overstated': 'amount',
                'unapplied_since': 'date'
            }},
            {'model': 'int_warning__blocked_sale', 'key': 'party_id', 'measures': {
                'blocked_sale_amount': 'amount', 'blocked_sale_count': 'count', 'blocked_sale_on': 'date',
                'blocked_state_zh': 'text', 'blocked_state_en': 'text'
            }},
            {'model': 'int_warning__industry', 'key': 'party_id', 'measures': {
                'industry': 'text', 'industry_overdue_rise': 'rate', 'industry_rise_points': 'number',
                'industry_customer_count': 'count', 'industry_largest_share': 'rate'
            }},
            {'model': 'int_warning__settling', 'key': 'party_id', 'measures': {
                'settled_90': 'amount', 'commercial_bill_share_90': 'rate', 'commercial_bill_share_365': 'rate',
                'bill_not_allowed_count': 'count', 'listed_acceptor_count': 'count', 'bill_acceptor': 'text'
            }},
            {'model': 'int_warning__deducted', 'key': 'party_id', 'measures': {
                'deducted_90': 'amount', 'deducted_rate': 'rate', 'deducted_rate_before': 'rate',
                'deduction_reason': 'text'
            }},
            {'model': 'int_warning__rounded', 'key': 'party_id', 'measures': {
                'round_part_payment_count': 'count', 'round_part_payment_cover': 'rate',
                'full_payment_count': 'count'
            }}
        ],
        'member': [
            {'model': 'int_warning__contagion', 'key': 'party_id', 'measures': {
                'source_warning_count': 'count', 'exposure': 'amount', 'group_exposure': 'amount',
                'net_overdue_0': 'amount', 'source_member': 'text', 'source_rule_zh': 'text',
                'source_rule_en': 'text'
            }},
            {'model': 'int_warning__outlook', 'key': 'party_id', 'measures': {
                'outlook': 'number', 'outlook_score': 'number', 'outlook_score_before': 'number',
                'outlook_sign_points': 'number', 'outlook_exposure': 'amount'
            }},
            {'model': 'int_warning__customer_state', 'key': 'party_id', 'measures': {'status': 'text'}}
        ],
        'pool': [
            {'model': 'int_warning__limited', 'key': 'subject_key', 'columns': {
                'days_over_limit': 'breached_since'
            }, 'measures': {
                'exposure': 'amount', 'credit_limit': 'amount', 'utilisation': 'rate', 'excess': 'amount',
                'days_over_limit': 'since', 'status': 'text'
            }}
        ],
        'group': [
            {'model': 'int_warning__concentrated', 'key': 'group_id', 'measures': {
                'group_gross_receivable': 'amount', 'group_net_overdue': 'amount',
                'group_receivable_share': 'rate'
            }}
        ],
        'item': [
            {'model': 'int_warning__insured_item', 'key': 'open_item_id', 'columns': {
                'insurer_days_left': 'insurer_deadline'
            }, 'measures': {
                'insurer_deadline': 'date', 'insurer_days_left': 'until', 'is_notified': 'count',
                'insured_open_amount': 'amount'
            }},
            {'model': 'int_warning__due_reset', 'key': 'open_item_id', 'columns': {
                'days_past_first_due': 'due_date_before'
            }, 'measures': {
                'reset_document': 'text', 'due_date_before': 'date', 'due_date_after': 'date',
                'days_past_first_due': 'since', 'due_date_moved_days': 'days', 'how_zh': 'text',
                'how_en': 'text', 'reset_open_amount': 'amount'
            }}
        ]
    }) }}
{% endmacro %}

{% macro warning_measures(subject) %}
    {%- set measures = {} -%}
    {%- for part in warning_subjects()[subject] -%}
        {%- do measures.update(part.measures) -%}
    {%- endfor -%}
    {{ return(measures) }}
{% endmacro %}

{#- Which part has a measure: numbers from 1. -#}
{% macro warning_part_numbers(subject) %}
    {%- set numbers = {} -%}
    {%- for part in warning_subjects()[subject] -%}
        {%- set part_no = loop.index -%}
        {%- for measure in part.measures -%}{%- do numbers.update({measure: part_no}) -%}{%- endfor -%}
    {%- endfor -%}
    {{ return(numbers) }}
{% endmacro %}

{% macro warning_unit_type(unit) -%}
    {{ {'amount': 'decimal(18, 2)', 'rate': 'decimal(18, 6)', 'number': 'decimal(18, 6)', 'days': 'bigint',
        'count': 'bigint', 'date': 'date', 'since': 'date', 'until': 'date', 'text': dbt.type_string()}[unit] }}
{%- endmacro %}

{#- A measure of `relation` on a day, for conditions and messages: days since a date are counted here. -#}
{% macro warning_value(measure, subject, relation, day) -%}
    {%- set column = relation ~ '.' ~ measure -%}
    {%- set unit = warning_measures(subject).get(measure) -%}
    {%- if unit == 'since' -%}{{ return(days_between(column, day)) }}{%- endif -%}
    {{ return(days_between(day, column) if unit == 'until' else column) }}
{%- endmacro %}

{#- Measures of a part over time: subject_key, effective_from, effective_to and each of `measures`, typed. -#}
{% macro warning_part(part, measures) %}
select
    {{ part.key }} as subject_key,
    effective_from,
    effective_to
    {%- for measure in measures -%}
    ,
    cast({{ (part.columns or {}).get(measure, measure) }} as {{ warning_unit_type(part.measures[measure]) }}) as {{ measure }}
    {%- endfor %}
from {{ ref(part.model) }}
where effective_from <= {{ as_of() }} and effective_from < effective_to
{% endmacro %}
