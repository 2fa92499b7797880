{#- What each early-warning rule says of each day: it opens, it closes, or neither, and how severe it is.

    Belongs here: putting conditions (warning_rules.sql) to measures over time (warning_measures.sql). Must not: hysteresis
    (warning_steps.sql).

    A condition looks at one or two of a hundred measures, and says the same for months where a measure changes every
    day. So each part of the measures is read once for all conditions that look at it alone, and only the days on which
    one of them changes its mind are kept; a rule then meets the few days of its own conditions, of the subjects that it
    can open for at all. Ten million documents make some 70 million intervals of measures. -#}

{#- The days on which something changes: subject_key, day, `columns`, empty from where nothing is known. `relation` has subject_key, day,
    day_to and the columns: values from a day until before another, or until the next row of the subject. -#}
{% macro warning_changes(relation, columns) %}
with

compared as (

    select
        *,
        coalesce(
            day <= lag(day_to) over along
            {%- for column in columns %}
            and {{ column }} is not distinct from lag({{ column }}) over along
            {%- endfor -%},
            false
        ) as is_same,
        coalesce(lead(day) over along, {{ end_of_days() }}) > day_to and day_to <= {{ as_of() }} as is_end
    from {{ relation }}
    window along as (partition by subject_key order by day)

),

kept as {{ read_once() }} (

    select *
    from compared
    where not is_same or is_end

)

select
    subject_key,
    day,
    {{ columns | join(', ') }}
from kept
where not is_same
union all
select
    subject_key,
    day_to as day,
    {% for column in columns -%}
    null as {{ column }}{{ ',' if not loop.last }}
    {% endfor %}
from kept
where is_end
{% endmacro %}

{#- The days on which a condition about days since a date, or until it, changes its mind while the measures stay. -#}
{% macro warning_crossings(condition, rule, relation) %}
    {%- set measures = warning_measures(rule.subject) -%}
    {%- set unit = measures[condition.measure] -%}
    {%- set days = [] -%}
    {%- set asks_floor = 'floor' in (condition.other or '') -%}
    {%- if unit in ['since', 'until'] and not asks_floor -%}
        {%- set sign = '-' if unit == 'until' else '' -%}
        {%- set threshold = warning_threshold(condition, rule, relation, relation ~ '.effective_from') -%}
        {%- for later in ['0', '1'] -%}
            {%- do days.append(add_days(
                relation ~ '.' ~ condition.measure,
                sign ~ 'cast(floor(' ~ threshold ~ ') as int) + ' ~ later
            )) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(days) }}
{% endmacro %}

{#- Who sees what: conditions of `rules` that look at one part are answered there (`tests`: per part, SQL over `cut` and the days to ask
    again), the others with the rule. Each condition learns the column of its answer (`said`), each rule the columns that it meets, per part: answers
    (`answers`) and measures (`raw`), and the days on which it asks again while neither changes (`crossings`). -#}
{% macro warning_plan(subject, rules) %}
    {%- set measures = warning_measures(subject) -%}
    {%- set part_numbers = warning_part_numbers(subject) -%}
    {%- set tests = {} -%}
    {%- for rule in rules -%}
        {%- do rule.update({'answers': {}, 'raw': {}, 'crossings': []}) -%}
        {%- if 'status' in measures -%}{%- do rule.raw.update({part_numbers['status']: ['status']}) -%}{%- endif -%}
        {%- for condition in rule.conditions -%}
            {%- set names = [condition.measure] + ([condition.other] if condition.other in measures else []) -%}
            {%- set part_nos = [part_numbers[names[0]], part_numbers[names[-1]]] | unique | list -%}
            {%- do condition.update({'part_nos': part_nos}) -%}
            {%- if part_nos | length == 1 -%}
                {%- set part_no = part_nos[0] -%}
                {%- set sql = warning_condition(condition, rule, 'cut', 'cut.day') -%}
                {%- set column = tests.setdefault(part_no, {}).setdefault(sql, {
                    'column': 'is_' ~ part_no ~ '_' ~ (tests[part_no] | length + 1),
                    'names': names,
                    'crossings': warning_crossings(condition, rule, 'part_' ~ part_no),
                    'asks_floor': 'floor' in (condition.other or '')
                }).column -%}
                {%- do condition.update({'said': 'met.' ~ column}) -%}
                {%- if column not in rule.answers.setdefault(part_no, []) -%}
                    {%- do rule.answers[part_no].append(column) -%}
                {%- endif -%}
            {%- else -%}
                {%- do condition.update({'said': warning_condition(condition, rule, 'met', 'met.day')}) -%}
                {%- do rule.crossings.extend(warning_crossings(condition, rule, 'met')) -%}
                {%- for name in names if name not in rule.raw.setdefault(part_numbers[name], []) -%}
                    {%- do rule.raw[part_numbers[name]].append(name) -%}
                {%- endfor -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(tests) }}
{% endmacro %}

{#- The answers of a clause: all conditions of an alternative, any of the alternatives. Empty where there is none. -#}
{% macro warning_clause(rule, clause) %}
    {%- set either = [] -%}
    {%- for conditions in warning_alternatives(rule, clause) -%}
        {%- do either.append('(' ~ conditions | map(attribute='said') | join(' and ') ~ ')') -%}
    {%- endfor -%}
    {{ return('(' ~ either | join(' or ') ~ ')' if either else '') }}
{% endmacro %}

{#- A part with the answers to what is asked of it alone (`tests` of warning_plan): CTEs part_N, and answered_N with a row per change. -#}
{% macro warning_answers(part, part_no, measures, tests) %}
part_{{ part_no }} as (

    {{ warning_part(part, measures) }}

),

{% if tests -%}
{%- set crossings = [] -%}
{%- for test in tests.values() -%}{%- do crossings.extend(test.crossings) -%}{%- endfor -%}
{%- set asks_floor = tests.values() | selectattr('asks_floor') | list -%}
{%- set again = crossings | unique | list -%}
cut_{{ part_no }} as (

    select
        *,
        effective_from as day
    from part_{{ part_no }}
    {%- if asks_floor %}
    union all
    -- the floors of a month are those of no other
    select
        spanning.*,
        floors.valid_from as day
    from (
        select *
        from part_{{ part_no }}
        where
            {{ month_start('effective_from') }}
            < {{ month_start('least(effective_to, ' ~ add_days(as_of(), 1) ~ ')') }}
    ) as spanning
    inner join {{ ref('int_floor__monthly') }} as floors
        on
            spanning.effective_from < floors.valid_from
            and spanning.effective_to > floors.valid_from
    where floors.valid_from <= {{ as_of() }}
    {%- endif %}
    {%- for day in again %}
    union all
    select
        *,
        {{ day }} as day
    from part_{{ part_no }}
    where {{ day }} > effective_from and {{ day }} < effective_to and {{ day }} <= {{ as_of() }}
    {%- endfor %}

),

tested_{{ part_no }} as (

    select
        cut.subject_key,
        cut.day,
        cut.effective_to as day_to,
        {% for sql, test in tests.items() -%}
        {{ sql }} as {{ test.column }}{{ ',' if not loop.last }}
        {% endfor -%}
    {%- if not asks_floor %}
    from cut_{{ part_no }} as cut
    {%- else %}
    from (
        select
            cut_{{ part_no }}.*,
            floors.floor_minor,
            floors.floor_normal,
            floors.floor_major
        from cut_{{ part_no }}
        left join {{ ref('int_floor__monthly') }} as floors
            on {{ month_start('cut_' ~ part_no ~ '.day') }} = floors.valid_from
    ) as cut
    {%- endif %}

),

answered_{{ part_no }} as {{ read_once() }} (

    {{ warning_changes('tested_' ~ part_no, tests.values() | map(attribute='column') | list) }}

),

{% endif -%}
{% endmacro %}

{#- The subjects that a rule can open for at all: those for which each condition of an alternative holds at some time. -#}
{% macro warning_candidates(rule) %}
{% for conditions in warning_alternatives(rule, 'open') -%}
{%- set answers = {} -%}
{%- for condition in conditions if condition.part_nos | length == 1 -%}
    {%- do answers.setdefault(condition.part_nos[0], []).append(condition.said | replace('met.', '')) -%}
{%- endfor -%}
{%- for part_no in conditions | map(attribute='part_nos') | sum(start=[]) | unique -%}
select subject_key
from {{ 'answered_' ~ part_no if part_no in answers else 'part_' ~ part_no }}
{% if part_no in answers -%}
where {{ answers[part_no] | join(' and ') }}
{% endif -%}
{{ 'intersect' if not loop.last }}
{% endfor -%}
{{ 'union' if not loop.last }}
{% endfor -%}
{% endmacro %}

{#- What one rule says over time, of the subjects that it ever opens for: CTEs, the last of them rule_N. -#}
{% macro warning_rule_days(rule, rule_no, subject) %}
{%- set name = 'rule_' ~ rule_no -%}
{%- set again = rule.crossings | unique | list -%}
{%- set sources = [] -%}
{%- for part_no, columns in rule.answers.items() -%}
    {%- do sources.append({'relation': 'answered_' ~ part_no, 'columns': columns}) -%}
{%- endfor -%}
{%- for part_no, columns in rule.raw.items() -%}
    {%- do sources.append({'relation': name ~ '_raw_' ~ part_no, 'columns': columns}) -%}
{%- endfor -%}
{{ name }}_candidate as {{ read_once() }} (

    {{ warning_candidates(rule) }}

),

{% for part_no, columns in rule.raw.items() -%}
{{ name }}_part_{{ part_no }} as (

    select
        subject_key,
        effective_from as day,
        effective_to as day_to,
        {{ columns | join(', ') }}
    from part_{{ part_no }}
    where subject_key in (select subject_key from {{ name }}_candidate)

),

{{ name }}_raw_{{ part_no }} as {{ read_once() }} (

    {{ warning_changes(name ~ '_part_' ~ part_no, columns) }}

),

{% endfor -%}
{{ name }}_grid as (

    select
        subject_key,
        day,
        {% for source in sources -%}
        max(case when source_no = {{ loop.index }} then day end) as source_{{ loop.index }}_day{{ ',' if not loop.last }}
        {% endfor %}
    from (
        {% for source in sources -%}
        select
            subject_key,
            day,
            {{ loop.index }} as source_no
        from {{ source.relation }}
        where subject_key in (select subject_key from {{ name }}_candidate)
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ) as change
    group by subject_key, day

),

{{ name }}_carried as (

    select
        subject_key,
        day,
        {% for source in sources -%}
        max(source_{{ loop.index }}_day) over along as source_{{ loop.index }}_day{{ ',' if not loop.last }}
        {% endfor %}
    from {{ name }}_grid
    window along as (
        partition by subject_key
        order by day
        rows between unbounded preceding and current row
    )

),

{{ name }}_met as (

    select
        carried.subject_key,
        carried.day,
        {% for source in sources -%}
        {%- set source_no = loop.index -%}
        {%- set is_last_source = loop.last -%}
        {% for column in source.columns -%}
        source_{{ source_no }}.{{ column }}{{ ',' if not (loop.last and is_last_source) }}
        {% endfor -%}
        {% endfor %}
    from {{ name }}_carried as carried
    {% for source in sources -%}
    left join {{ source.relation }} as source_{{ loop.index }}
        on
            carried.subject_key = source_{{ loop.index }}.subject_key
            and carried.source_{{ loop.index }}_day = source_{{ loop.index }}.day
    {% endfor %}

),

{% if again %}

{{ name }}_spanning as (

    select
        *,
        coalesce(lead(day) over (partition by subject_key order by day), {{ end_of_days() }})
            as day_to
    from {{ name }}_met

),

{{ name }}_asked as (

    select *
    from {{ name }}_spanning
    {%- for day in again %}
    union all
    select
        met.subject_key,
        {{ day }} as day,
        {% for source in sources -%}
        {% for column in source.columns -%}
        met.{{ column }},
        {% endfor -%}
        {% endfor -%}
        met.day_to
    from {{ name }}_spanning as met
    where {{ day }} > met.day and {{ day }} < met.day_to and {{ day }} <= {{ as_of() }}
    {%- endfor %}

),
{%- endif %}

{%- set status = "coalesce(met.status, 'active')" if 'status' in warning_measures(subject) else "'active'" -%}
{%- set open = 'coalesce(' ~ warning_clause(rule, 'open') ~ ', false)' -%}
{%- set over = warning_clause(rule, 'close') %}

{{ name }}_said as (

    select
        met.subject_key,
        met.day,
        case
            when {{ status }} = 'closed' or coalesce({{ over ~ ', ' if over }}not {{ open }}) then 'closing'
            when {{ open }} and {{ status }} in ('{{ rule.statuses.split('|') | join("', '") }}') then 'open'
            else 'between'
        end as state,
        case
            {% for clause, level in {'severe': 3, 'warning': 2}.items() if warning_clause(rule, clause) -%}
            when {{ warning_clause(rule, clause) }} then {{ [level, rule.level] | max }}
            {% endfor -%}
            when true then {{ rule.level }}
        end as level
    from {{ name }}_{{ 'asked' if again else 'met' }} as met

),

{{ name }}_changed as (

    select *
    from {{ name }}_said
    qualify
        state is distinct from lag(state) over (partition by subject_key order by day)
        or level is distinct from lag(level) over (partition by subject_key order by day)

),

{{ name }} as (

    select
        subject_key,
        '{{ rule.rule_id }}' as rule_id,
        day as effective_from,
        coalesce(lead(day) over (partition by subject_key order by day), {{ end_of_days() }})
            as effective_to,
        state = 'open' as is_open,
        state = 'closing' as is_closing,
        level,
        {% for days in ['enter_days', 'close_days', 'fall_days', 'reopen_days'] -%}
        {{ rule[days] }} as {{ days }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ name }}_changed
    qualify
        max(case when state = 'open' then 1 else 0 end) over (partition by subject_key) = 1

),

{% endmacro %}

{#- What each rule says of each subject over time, of the subjects that it ever opens for: a row per change. A closing condition that
    cannot be judged holds where the opening one does not; a day on which both hold is a closing one; for a customer that is closed every
    rule closes. -#}
{% macro warning_judged(subject) %}
{%- set rules = warning_rules(subject) -%}
{%- set tests = warning_plan(subject, rules) -%}
{#- whatever the policy asks of them: what depends on what is known before it is read -#}
{%- do ref('int_floor__monthly') -%}
{%- for part in warning_subjects()[subject] -%}{%- do ref(part.model) -%}{%- endfor -%}
with

{% for part in warning_subjects()[subject] -%}
{%- set part_no = loop.index -%}
{%- set needed = [] -%}
{%- for test in tests.get(part_no, {}).values() -%}{%- do needed.extend(test.names) -%}{%- endfor -%}
{%- for rule in rules -%}{%- do needed.extend(rule.raw.get(part_no, [])) -%}{%- endfor -%}
{%- if needed -%}
{{ warning_answers(part, part_no, needed | unique | list, tests.get(part_no, {})) }}
{%- endif -%}
{%- endfor -%}

{% for rule in rules -%}
{{ warning_rule_days(rule, loop.index, subject) }}
{%- endfor -%}

nothing as (

    select
        cast('' as {{ dbt.type_string() }}) as subject_key,
        cast('' as {{ dbt.type_string() }}) as rule_id,
        {{ as_of() }} as effective_from,
        {{ as_of() }} as effective_to,
        false as is_open,
        true as is_closing,
        1 as level,
        {% for days in ['enter_days', 'close_days', 'fall_days', 'reopen_days'] -%}
        1 as {{ days }}{{ ',' if not loop.last }}
        {% endfor %}

),

final as (

    {% for rule in rules -%}
    select * from rule_{{ loop.index }}
    union all
    {% endfor -%}
    select * from nothing
    where rule_id <> ''

)

select * from final
{% endmacro %}
