{#- Early-warning rules: policy tables compiled into conditions over measures (policy section 3).

    Belongs here: reading and checking the three policy tables, and the SQL of a condition. Must not: which measures there
    are (warning_measures.sql), what rules say of each day (warning_days.sql), when an episode begins and ends
    (warning_steps.sql), what it says (warning_messages.sql).

    Rules are read when a model is compiled: a table of one row per measure and interval would be some 60 times as long.
    Names are checked against the measures and numbers against their form: no text of a policy file gets into SQL
    unchecked. -#}

{#- What a condition is compared with on a day, over columns of `relation`: factor x (floor or measure) + addend. -#}
{% macro warning_threshold(condition, rule, relation, day) %}
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
        {%- if measures.get(name) in ['date', 'text'] -%}
            {{ policy_mistake(table, row, "'" ~ other ~ "' is a " ~ measures[name], 'write a measure that is a number') }}
        {%- endif -%}
        {#- days go on by themselves: the days on which the answer changes are those of the measure on the left -#}
        {%- if measures.get(name) in ['since', 'until'] -%}
            {{ policy_mistake(table, row, "'" ~ other ~ "' counts days, which change every day", 'write it as the measure,'
                ~ ' and what it is compared with as the other') }}
        {%- endif -%}
        {%- set value = warning_value(name, rule.subject, relation, day) -%}
        {#- wider than 18 digits: DuckDB multiplies those in 64 bits, and a large amount overflows -#}
        {%- set wide = 'decimal(20, 2)' if measures.get(name, 'amount') == 'amount' else 'decimal(20, 6)' -%}
        {%- do terms.append(
            policy_number(condition.factor, table, row) ~ ' * cast(' ~ value ~ ' as ' ~ wide ~ ')'
            if condition.factor else value
        ) -%}
    {%- endif -%}
    {%- if condition.factor and not terms -%}
        {{ policy_mistake(table, row, 'factor ' ~ condition.factor ~ ' multiplies nothing', 'write what in other, or empty it') }}
    {%- endif -%}
    {%- if condition.addend or not terms -%}
        {%- do terms.append(policy_number(condition.addend or 'nothing', table, row)) -%}
    {%- endif -%}
    {{ return(terms | join(' + ')) }}
{% endmacro %}

{#- A condition on a day, over columns of `relation`. -#}
{% macro warning_condition(condition, rule, relation, day) %}
    {{ return(
        warning_value(condition.measure, rule.subject, relation, day) ~ ' ' ~ condition.comparison ~ ' '
        ~ warning_threshold(condition, rule, relation, day)
    ) }}
{% endmacro %}

{#- The alternatives of a clause of a rule, each the list of its conditions. -#}
{% macro warning_alternatives(rule, clause) %}
    {%- set alternatives = {} -%}
    {%- for condition in rule.conditions if condition.clause == clause -%}
        {%- do alternatives.setdefault(condition.alternative_no or '1', []).append(condition) -%}
    {%- endfor -%}
    {{ return(alternatives.values() | list) }}
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
        {%- if rules[texts.rule_id].texts is not none -%}
            {{ policy_mistake(table, row, 'two rows are in force on the as-of date', 'end one with valid_to') }}
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
        {%- for condition in rule.conditions -%}
            {%- do warning_threshold(condition, rule, 'measured', 'measured.day') -%}
        {%- endfor -%}
        {%- if not warning_alternatives(rule, 'open') -%}
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
