{#- Early-warning rules: policy tables compiled into conditions over measures (policy section 3).

    Belongs here: which measures a rule may name, reading and checking the three policy tables, and the SQL of conditions
    and messages. Must not: how a measure is made (int_warning__*), when an episode begins and ends (warning_steps.sql).

    Rules are read when a model is compiled, so that every interval of a subject is looked at once for all rules; a table
    of one row per measure and interval would be some 60 times as long. Names are checked against the lists below and
    numbers against their form: no text of a policy file gets into SQL unchecked. -#}

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

{#- The measures of a subject side by side: a row per subject and interval in which none of them changes, with the floors
    of its month and the customer's status. -#}
{% macro warning_measured(subject) %}
{%- set parts = warning_subjects()[subject] -%}
with

{% for part in parts -%}
part_{{ loop.index }} as (

    select
        {{ part.key }} as subject_key,
        effective_from,
        effective_to,
        {% for measure, unit in part.measures.items() -%}
        cast({{ (part.columns or {}).get(measure, measure) }} as {{ warning_unit_type(unit) }})
            as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref(part.model) }}
    where effective_from <= {{ as_of() }} and effective_from < effective_to

),

{% endfor -%}
part_end as (

    {% for part in parts -%}
    {%- set part_no = loop.index -%}
    {%- set is_last_part = loop.last -%}
    {% for day, is_begin in {'effective_from': 1, 'effective_to': 0}.items() -%}
    select
        subject_key,
        {{ day }} as day,
        {{ part_no }} as part_no,
        {{ is_begin }} as is_begin
    from part_{{ part_no }}
    where {{ day }} <= {{ as_of() }}
    {{ 'union all' if not (loop.last and is_last_part) }}
    {% endfor -%}
    {% endfor %}

),

begun as (

    select
        subject_key,
        min(day) as first_day
    from part_end
    group by subject_key

),

marked as (

    select subject_key, day, part_no, is_begin
    from part_end
    union all
    -- the floors of a month are those of no other
    select
        begun.subject_key,
        floors.valid_from as day,
        0 as part_no,
        0 as is_begin
    from begun
    inner join {{ ref('int_floor__monthly') }} as floors
        on begun.first_day < floors.valid_from
    where floors.valid_from <= {{ as_of() }}

),

grid as (

    select
        subject_key,
        day,
        {% for part in parts -%}
        max(case when part_no = {{ loop.index }} and is_begin = 1 then day end)
            as part_{{ loop.index }}_day{{ ',' if not loop.last }}
        {% endfor %}
    from marked
    group by subject_key, day

),

carried as (

    select
        subject_key,
        day as effective_from,
        coalesce(lead(day) over (partition by subject_key order by day), {{ end_of_days() }})
            as effective_to,
        {% for part in parts -%}
        max(part_{{ loop.index }}_day) over along as part_{{ loop.index }}_day
        {{- ',' if not loop.last }}
        {% endfor %}
    from grid
    window along as (
        partition by subject_key
        order by day
        rows between unbounded preceding and current row
    )

),

final as (

    select
        carried.subject_key,
        carried.effective_from,
        carried.effective_to,
        floors.floor_minor,
        floors.floor_normal,
        floors.floor_major,
        {% for part in parts -%}
        {%- set part_no = loop.index -%}
        {%- set is_last_part = loop.last -%}
        {% for measure in part.measures -%}
        part_{{ part_no }}.{{ measure }}{{ ',' if not (loop.last and is_last_part) }}
        {% endfor -%}
        {% endfor %}
    from carried
    left join {{ ref('int_floor__monthly') }} as floors
        on
            carried.effective_from >= floors.valid_from
            and carried.effective_from < floors.valid_to
    {% for part in parts -%}
    left join part_{{ loop.index }}
        on
            carried.subject_key = part_{{ loop.index }}.subject_key
            and carried.part_{{ loop.index }}_day = part_{{ loop.index }}.effective_from
            and carried.effective_from < part_{{ loop.index }}.effective_to
    {% endfor %}

)

select * from final
{% endmacro %}

{#- Rows of a policy table in force on the as-of date, all columns as text, NULL where empty. None while nothing is built
    (a project that is only parsed or linted). -#}
{% macro policy_rows(name, columns) %}
    {%- set relation = policy_table(name) -%}
    {%- set shipped = ref(name) -%}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {%- set is_own = name in var('policy_overrides', []) -%}
    {%- if not is_own and not adapter.get_relation(
        database=shipped.database, schema=shipped.schema, identifier=shipped.identifier
    ) -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set query -%}
        select {{ columns | join(', ') }}, policy_version
        from (
            select
                {% for column in columns -%}
                {{ policy_text(column) }} as {{ column }},
                {% endfor -%}
                {{ policy_approval() }}
            from {{ relation }}
        ) as policy_row
        where {{ is_in_force() }}
    {%- endset -%}
    {%- set rows = [] -%}
    {%- for found in run_query(query).rows -%}
        {%- set row = {} -%}
        {%- for column in columns + ['policy_version'] -%}
            {%- do row.update({column: found[column]}) -%}
        {%- endfor -%}
        {%- do rows.append(row) -%}
    {%- endfor -%}
    {{ return(rows) }}
{% endmacro %}

{% macro policy_mistake(table, row, problem, fix) %}
    {{ exceptions.raise_compiler_error(table ~ '.csv, ' ~ row ~ ': ' ~ problem ~ '. Fix: ' ~ fix ~ '.') }}
{% endmacro %}

{#- A number of the policy as a literal. -#}
{% macro policy_number(text, table, row) -%}
    {%- if not modules.re.fullmatch('-?[0-9]{1,12}([.][0-9]{1,6})?', text | string) -%}
        {{ policy_mistake(table, row, "'" ~ text ~ "' is no number", 'write up to 12 digits, a point, up to 6 decimals') }}
    {%- endif -%}
    cast({{ text }} as decimal(18, 6))
{%- endmacro %}

{% macro policy_days(text, table, row) -%}
    {%- if not modules.re.fullmatch('[0-9]{1,4}', text | string) -%}
        {{ policy_mistake(table, row, "'" ~ text ~ "' is no number of days", 'write a whole number') }}
    {%- endif -%}
    {{ return(text | int) }}
{%- endmacro %}

{#- What a condition is compared with, over columns of `relation`: factor x (floor or measure) + addend. -#}
{% macro warning_threshold(condition, rule, relation) %}
    {%- set table = 'policy_warning_condition' -%}
    {%- set row = condition.label -%}
    {%- set measures = warning_measures(rule.subject) -%}
    {%- set terms = [] -%}
    {%- set other = condition.other -%}
    {%- if other -%}
        {%- if other == 'floor' and rule.floor == 'none' -%}
            {{ policy_mistake(table, row, 'the rule has no floor', 'give it one in policy_warning_rule.csv') }}
        {%- endif -%}
        {%- set name = 'floor_' ~ rule.floor if other == 'floor' else other -%}
        {%- if name not in ['floor_minor', 'floor_normal', 'floor_major'] and name not in measures -%}
            {{ policy_mistake(table, row, "'" ~ other ~ "' is not known", 'write floor, floor_minor, floor_normal,'
                ~ ' floor_major or one of ' ~ (measures.keys() | sort | join(', '))) }}
        {%- endif -%}
        {%- set value = warning_value(name, rule.subject, relation, relation ~ '.effective_from') -%}
        {#- wider than 18 digits: DuckDB multiplies those in 64 bits, and a large amount overflows -#}
        {%- set wide = 'decimal(20, 2)' if measures.get(name, 'amount') == 'amount' else 'decimal(20, 6)' -%}
        {%- do terms.append(
            policy_number(condition.factor, table, row) ~ ' * cast(' ~ value ~ ' as ' ~ wide ~ ')'
            if condition.factor else value
        ) -%}
    {%- endif -%}
    {%- if condition.addend or not terms -%}
        {%- do terms.append(policy_number(condition.addend or 'nothing', table, row)) -%}
    {%- endif -%}
    {{ return(terms | join(' + ')) }}
{% endmacro %}

{% macro warning_condition(condition, rule, relation) %}
    {{ return(
        warning_value(condition.measure, rule.subject, relation, relation ~ '.effective_from') ~ ' '
        ~ condition.comparison ~ ' ' ~ warning_threshold(condition, rule, relation)
    ) }}
{% endmacro %}

{#- Conditions of one clause: all of an alternative, any of the alternatives. Empty where there is none. -#}
{% macro warning_clause(rule, clause, relation) %}
    {%- set alternatives = {} -%}
    {%- for condition in rule.conditions if condition.clause == clause -%}
        {%- do alternatives.setdefault(condition.alternative_no or '1', []).append(
            warning_condition(condition, rule, relation)
        ) -%}
    {%- endfor -%}
    {%- set either = [] -%}
    {%- for conditions in alternatives.values() -%}
        {%- do either.append('(' ~ conditions | join(' and ') ~ ')') -%}
    {%- endfor -%}
    {{ return('(' ~ either | join(' or ') ~ ')' if either else '') }}
{% endmacro %}

{#- Rules of a subject that are in force and active, checked, each with its conditions and texts. -#}
{% macro warning_rules(subject) %}
    {%- set levels = {'notice': 1, 'warning': 2, 'severe': 3} -%}
    {%- set table = 'policy_warning_rule' -%}
    {%- set rules = {} -%}
    {%- for rule in policy_rows(table, [
        'rule_id', 'subject', 'severity', 'enter_days', 'close_days', 'fall_days', 'reopen_days', 'floor', 'statuses',
        'is_active'
    ]) -%}
        {%- set row = 'rule ' ~ rule.rule_id -%}
        {%- if not modules.re.fullmatch('[A-Za-z0-9_]{1,20}', rule.rule_id or '') -%}
            {{ policy_mistake(table, row, 'rule_id is no identifier', 'use letters, digits and _, at most 20') }}
        {%- endif -%}
        {%- if rule.rule_id in rules -%}
            {{ policy_mistake(table, row, 'two rows are in force on the as-of date', 'end one with valid_to') }}
        {%- endif -%}
        {%- if rule.is_active not in ['true', 'false'] -%}
            {{ policy_mistake(table, row, "is_active is '" ~ rule.is_active ~ "'", 'write true or false') }}
        {%- endif -%}
        {%- if rule.subject not in warning_subjects() -%}
            {{ policy_mistake(table, row, "subject '" ~ rule.subject ~ "' is not known", 'write one of '
                ~ (warning_subjects().keys() | join(', '))) }}
        {%- endif -%}
        {%- if rule.severity not in levels -%}
            {{ policy_mistake(table, row, "severity '" ~ rule.severity ~ "' is not known", 'write notice, warning or severe') }}
        {%- endif -%}
        {%- if rule.floor not in ['minor', 'normal', 'major', 'none'] -%}
            {{ policy_mistake(table, row, "floor '" ~ rule.floor ~ "' is not known", 'write minor, normal, major or none') }}
        {%- endif -%}
        {%- for status in (rule.statuses or '').split('|') -%}
            {%- if status not in ['active', 'hold', 'legal'] -%}
                {{ policy_mistake(table, row, "statuses are '" ~ rule.statuses ~ "'", 'write active|hold or active|hold|legal') }}
            {%- endif -%}
        {%- endfor -%}
        {%- for days, least in {'enter_days': 1, 'close_days': 1, 'fall_days': 1, 'reopen_days': 0}.items() -%}
            {%- do rule.update({days: policy_days(rule[days], table, row)}) -%}
            {%- if rule[days] < least -%}
                {{ policy_mistake(table, row, days ~ ' is ' ~ rule[days], 'write at least ' ~ least) }}
            {%- endif -%}
        {%- endfor -%}
        {%- do rule.update({'level': levels[rule.severity], 'conditions': [], 'texts': none}) -%}
        {%- do rules.update({rule.rule_id: rule}) -%}
    {%- endfor -%}

    {%- set table = 'policy_warning_condition' -%}
    {%- for condition in policy_rows(table, [
        'rule_id', 'clause', 'alternative_no', 'measure', 'comparison', 'factor', 'other', 'addend'
    ]) -%}
        {%- do condition.update({'label': 'rule ' ~ condition.rule_id ~ ', clause ' ~ condition.clause
            ~ ', measure ' ~ condition.measure}) -%}
        {%- set row = condition.label -%}
        {%- set rule = rules.get(condition.rule_id) -%}
        {%- if rule is none -%}
            {{ policy_mistake(table, row, 'policy_warning_rule has no such rule', 'add it there, or mend rule_id') }}
        {%- endif -%}
        {%- if condition.clause not in ['open', 'warning', 'severe', 'close'] -%}
            {{ policy_mistake(table, row, 'the clause is not known', 'write open, warning, severe or close') }}
        {%- endif -%}
        {%- if condition.comparison not in ['>=', '>', '<=', '<', '='] -%}
            {{ policy_mistake(table, row, "comparison '" ~ condition.comparison ~ "' is not known", 'write >=, >, <=, < or =') }}
        {%- endif -%}
        {%- set measures = warning_measures(rule.subject) -%}
        {%- if measures.get(condition.measure) in [none, 'date', 'text'] -%}
            {%- set numbers = [] -%}
            {%- for measure, unit in measures.items() if unit not in ['date', 'text'] -%}
                {%- do numbers.append(measure) -%}
            {%- endfor -%}
            {{ policy_mistake(table, row, 'no such measure of subject ' ~ rule.subject, 'write one of '
                ~ (numbers | sort | join(', '))) }}
        {%- endif -%}
        {%- do rule.conditions.append(condition) -%}
    {%- endfor -%}

    {%- set table = 'policy_warning_text' -%}
    {%- for texts in policy_rows(table, ['rule_id', 'message_zh', 'message_en', 'action_zh', 'action_en']) -%}
        {%- set row = 'rule ' ~ texts.rule_id -%}
        {%- if texts.rule_id not in rules -%}
            {{ policy_mistake(table, row, 'policy_warning_rule has no such rule', 'add it there, or mend rule_id') }}
        {%- endif -%}
        {%- set measures = warning_measures(rules[texts.rule_id].subject) -%}
        {%- for language in ['zh', 'en'] -%}
            {%- for name in modules.re.findall('[{]([^}]*)[}]', texts['message_' ~ language] or '') -%}
                {%- if name not in measures -%}
                    {{ policy_mistake(table, row, 'message_' ~ language ~ ' names {' ~ name ~ '}, which is no measure of subject '
                        ~ rules[texts.rule_id].subject, 'write one of ' ~ (measures.keys() | sort | join(', '))) }}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- do rules[texts.rule_id].update({'texts': texts}) -%}
    {%- endfor -%}

    {%- set chosen = [] -%}
    {%- for rule in rules.values() if rule.is_active == 'true' -%}
        {%- if not warning_clause(rule, 'open', 'measured') -%}
            {{ policy_mistake('policy_warning_condition', 'rule ' ~ rule.rule_id, 'the rule is active and never opens',
                'add conditions of clause open, or set is_active to false') }}
        {%- endif -%}
        {%- if not rule.texts -%}
            {{ policy_mistake('policy_warning_text', 'rule ' ~ rule.rule_id, 'the rule is active and says nothing',
                'add its message_zh and message_en') }}
        {%- endif -%}
        {%- if rule.subject == subject -%}{%- do chosen.append(rule) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(chosen | sort(attribute='rule_id')) }}
{% endmacro %}

{#- What each rule says of each subject of `measured` (rows of warning_measured) over time, of the subjects that it ever
    opens for: a row per change. A closing condition that cannot be judged holds where the opening one does not; a day
    on which both hold is a closing one; for a customer that is closed every rule closes. All rules in one pass: what each
    says of an interval is one small number, 4 x level + 2 where it opens, 1 where it closes. -#}
{% macro warning_judged(subject, measured) %}
{%- set rules = warning_rules(subject) -%}
{%- set status = "coalesce(measured.status, 'active')" if 'status' in warning_measures(subject) else "'active'" -%}
with

said as (

    select
        measured.subject_key,
        measured.effective_from
        {%- for rule in rules -%}
        {%- set met = 'coalesce(' ~ warning_clause(rule, 'open', 'measured') ~ ', false)' -%}
        {%- set over = warning_clause(rule, 'close', 'measured') -%}
        ,
        case
            when {{ status }} = 'closed' or coalesce({{ over ~ ', ' if over }}not {{ met }}) then 1
            when {{ met }} and {{ status }} in ('{{ rule.statuses.split('|') | join("', '") }}') then 2
            else 0
        end + 4 * case
            {% for clause, level in {'severe': 3, 'warning': 2}.items() if warning_clause(rule, clause, 'measured') -%}
            when {{ warning_clause(rule, clause, 'measured') }} then {{ [level, rule.level] | max }}
            {% endfor -%}
            when true then {{ rule.level }}
        end as said_{{ loop.index }}
        {%- endfor %}
    from {{ measured }} as measured

),

compared as {{ read_once() }} (

    select
        *
        {%- for rule in rules -%}
        ,
        lag(said_{{ loop.index }}) over along as before_{{ loop.index }}
        {%- endfor %}
    from said
    {% if rules -%}
    window along as (partition by subject_key order by effective_from)
    {%- endif %}

),

{% for rule in rules -%}
rule_{{ loop.index }} as (

    select
        subject_key,
        '{{ rule.rule_id }}' as rule_id,
        effective_from,
        coalesce(
            lead(effective_from) over (partition by subject_key order by effective_from), {{ end_of_days() }}
        ) as effective_to,
        said_{{ loop.index }} % 4 = 2 as is_open,
        said_{{ loop.index }} % 4 = 1 as is_closing,
        cast((said_{{ loop.index }} - said_{{ loop.index }} % 4) / 4 as int) as level,
        {% for days in ['enter_days', 'close_days', 'fall_days', 'reopen_days'] -%}
        {{ rule[days] }} as {{ days }}{{ ',' if not loop.last }}
        {% endfor %}
    from compared
    where before_{{ loop.index }} is null or before_{{ loop.index }} <> said_{{ loop.index }}

),

{% endfor -%}
final as (

    {% for rule in rules -%}
    select rule_{{ loop.index }}.*
    from rule_{{ loop.index }}
    inner join (
        select distinct subject_key
        from rule_{{ loop.index }}
        where is_open
    ) as concerned
        on rule_{{ loop.index }}.subject_key = concerned.subject_key
    {{ 'union all' if not loop.last }}
    {% else -%}
    select
        subject_key,
        '' as rule_id,
        effective_from,
        effective_from as effective_to,
        false as is_open,
        true as is_closing,
        1 as level,
        1 as enter_days,
        1 as close_days,
        1 as fall_days,
        0 as reopen_days
    from compared
    where false
    {% endfor %}

)

select * from final
{% endmacro %}

{#- Names of the measures that a rule looks at or speaks of. -#}
{% macro warning_names(rule) %}
    {%- set measures = warning_measures(rule.subject) -%}
    {%- set names = [] -%}
    {%- for condition in rule.conditions -%}
        {%- for name in [condition.measure, condition.other] if name in measures and name not in names -%}
            {%- do names.append(name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for language in ['zh', 'en'] -%}
        {%- for name in modules.re.findall('[{]([^}]*)[}]', rule.texts['message_' ~ language] or '') if name not in names -%}
            {%- do names.append(name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}

{#- The message of each row of `placed` (episode_id, moment, rule_id, day and all measures of the subject). -#}
{% macro warning_messages(subject, placed) %}
{%- for rule in warning_rules(subject) -%}
{%- set values = {} -%}
{%- for name, unit in warning_measures(subject).items() -%}
    {%- do values.update({name: {'expression': warning_value(name, subject, 'placed', 'placed.day'), 'unit': unit}}) -%}
{%- endfor -%}
select
    placed.episode_id,
    {% for language in ['zh', 'en'] -%}
    {{ filled_sentence(rule.texts['message_' ~ language], values, language) }} as message_{{ language }}
    {{- ',' if not loop.last }}
    {% endfor %}
from {{ placed }} as placed
where placed.rule_id = '{{ rule.rule_id }}' and placed.moment = 'told'
union all
{% endfor -%}
select
    placed.episode_id,
    '' as message_zh,
    '' as message_en
from {{ placed }} as placed
where false
{% endmacro %}

{#- The values behind each row of `placed` with what its rule compares them with. -#}
{% macro warning_values(subject, placed) %}
{%- set measures = warning_measures(subject) -%}
{%- for rule in warning_rules(subject) -%}
{%- for name in warning_names(rule) -%}
{%- set value = warning_value(name, subject, 'placed', 'placed.day') -%}
{%- set unit = measures[name] -%}
select
    placed.episode_id,
    placed.moment,
    placed.day,
    '{{ name }}' as name,
    '{{ 'days' if unit in ['since', 'until'] else unit }}' as unit,
    {{ 'cast(' ~ value ~ ' as decimal(28, 6))' if unit not in ['date', 'text'] else 'cast(null as decimal(28, 6))' }}
        as value_number,
    {{ 'cast(' ~ value ~ ' as date)' if unit == 'date' else 'cast(null as date)' }} as value_date,
    {{ value if unit == 'text' else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as value_text,
    {% for clause in ['open', 'warning', 'severe', 'close'] -%}
    {%- set bounds = [] -%}
    {%- for condition in rule.conditions if condition.clause == clause and condition.measure == name -%}
        {%- do bounds.append(condition) -%}
    {%- endfor -%}
    {% if bounds -%}
    '{{ bounds[0].comparison }}' as {{ clause }}_comparison,
    cast({{ warning_threshold(bounds[0], rule, 'placed') }} as decimal(28, 6)) as {{ clause }}_threshold
    {%- else -%}
    cast(null as {{ dbt.type_string() }}) as {{ clause }}_comparison,
    cast(null as decimal(28, 6)) as {{ clause }}_threshold
    {%- endif %}{{ ',' if not loop.last }}
    {% endfor %}
from {{ placed }} as placed
where placed.rule_id = '{{ rule.rule_id }}' and placed.moment <> 'told'
union all
{% endfor -%}
{% endfor -%}
select
    placed.episode_id,
    placed.moment,
    placed.day,
    '' as name,
    '' as unit,
    cast(null as decimal(28, 6)) as value_number,
    cast(null as date) as value_date,
    cast(null as {{ dbt.type_string() }}) as value_text,
    {% for clause in ['open', 'warning', 'severe', 'close'] -%}
    cast(null as {{ dbt.type_string() }}) as {{ clause }}_comparison,
    cast(null as decimal(28, 6)) as {{ clause }}_threshold{{ ',' if not loop.last }}
    {% endfor %}
from {{ placed }} as placed
where false
{% endmacro %}

{#- What an episode looked at when it opened, looks at on the as-of date (or looked at on the day on which it closed), and on
    the day of which it speaks (`told`): the last one on which its rule would have opened it, the first of a warning that is over. -#}
{% macro warning_placed(subject, measured) %}
with

moment as (

    {% for moment, day in {
        'trigger': 'first_seen_on', 'latest': 'coalesce(closed_on, ' ~ as_of() ~ ')',
        'told': 'coalesce(last_met_on, first_seen_on)'
    }.items() -%}
    select
        episode_id,
        rule_id,
        subject_key,
        '{{ moment }}' as moment,
        {{ day }} as day
    from {{ ref('int_warning__episode') }}
    where subject = '{{ subject }}'
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        moment.episode_id,
        moment.rule_id,
        moment.moment,
        moment.day,
        measured.*
    from moment
    inner join {{ measured }} as measured
        on
            moment.subject_key = measured.subject_key
            and moment.day >= measured.effective_from
            and moment.day < measured.effective_to

)

select * from final
{% endmacro %}
