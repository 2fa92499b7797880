{#- Early-warning rules: policy tables compiled into conditions over measures (policy section 3).

    Belongs here: reading and checking the three policy tables, and the SQL of conditions. Must not: which measures there
    are (warning_measures.sql), when an episode begins and ends (warning_steps.sql), what it says
    (warning_messages.sql).

    Rules are read when a model is compiled, so that every interval of a subject is looked at once for all rules; a table
    of one row per measure and interval would be some 60 times as long. Names are checked against the measures and
    numbers against their form: no text of a policy file gets into SQL unchecked. -#}

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
