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
