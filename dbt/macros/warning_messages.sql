{#- What a warning says: the values of the day it opened, in the texts of the policy.

    Belongs here: measures that a text names, and where they are looked up. Must not: when a warning opens
    (warning_rules.sql, warning_steps.sql), how a value is written (readable.sql). -#}

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
    cast({{ warning_threshold(bounds[0], rule, 'placed', 'placed.day') }} as decimal(28, 6)) as {{ clause }}_threshold
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
    the day of which it speaks (`told`): the last one on which its rule would have opened it, the first of a warning that is over. Of each
    part the measures that rules of the subject look at or speak of, where the rule of the episode does. -#}
{% macro warning_placed(subject) %}
{%- set parts = warning_subjects()[subject] -%}
{%- set rules = warning_rules(subject) -%}
{%- set part_numbers = warning_part_numbers(subject) -%}
{%- set readers = {} -%}
{%- for rule in rules -%}
    {%- for name in warning_names(rule) -%}
        {%- set of_part = readers.setdefault(part_numbers[name], []) -%}
        {%- if rule.rule_id not in of_part -%}{%- do of_part.append(rule.rule_id) -%}{%- endif -%}
    {%- endfor -%}
{%- endfor -%}
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

{% for part in parts -%}
{%- set part_no = loop.index -%}
part_{{ part_no }} as (

    {{ warning_part(part, part.measures.keys()) }}

),

found_{{ part_no }} as (

    select
        asked.subject_key,
        asked.day,
        {% for measure in part.measures -%}
        part.{{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from (
        -- many warnings look at one day of a subject
        select distinct
            subject_key,
            day
        from moment
        where rule_id in (
            ''
            {%- for rule_id in readers.get(part_no, []) -%}
            , '{{ rule_id }}'
            {%- endfor -%}
        )
    ) as asked
    inner join part_{{ part_no }} as part
        on
            asked.subject_key = part.subject_key
            and asked.day >= part.effective_from
            and asked.day < part.effective_to

),

{% endfor -%}
final as (

    select
        moment.episode_id,
        moment.rule_id,
        moment.moment,
        moment.subject_key,
        moment.day,
        floors.floor_minor,
        floors.floor_normal,
        floors.floor_major,
        {% for part in parts -%}
        {%- set part_no = loop.index -%}
        {%- set is_last_part = loop.last -%}
        {% for measure in part.measures -%}
        found_{{ part_no }}.{{ measure }}{{ ',' if not (loop.last and is_last_part) }}
        {% endfor -%}
        {% endfor %}
    from moment
    left join {{ ref('int_floor__monthly') }} as floors
        on {{ month_start('moment.day') }} = floors.valid_from
    {% for part in parts -%}
    left join found_{{ loop.index }}
        on
            moment.subject_key = found_{{ loop.index }}.subject_key
            and moment.day = found_{{ loop.index }}.day
    {% endfor %}

)

select * from final
{% endmacro %}
