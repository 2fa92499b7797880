{#- A policy table: the company's own file where its policy folder has one, else the shipped
    default. -#}
{% macro policy_table(name) -%}
    {%- if name in var('policy_overrides', []) -%}
        policy_override.{{ name }}
        {#- keeps the default in the graph, so that lineage shows what is replaced -#}
        {%- set _ = ref(name) -%}
    {%- else -%}
        {{ ref(name) }}
    {%- endif -%}
{%- endmacro %}

{#- The columns that every policy table ends with, typed: a table of the policy folder is all text. -#}
{% macro policy_approval() -%}
    policy_version,
    cast(nullif(cast(valid_from as {{ dbt.type_string() }}), '') as date) as valid_from,
    cast(nullif(cast(valid_to as {{ dbt.type_string() }}), '') as date) as valid_to,
    approved_by,
    cast(nullif(cast(approved_on as {{ dbt.type_string() }}), '') as date) as approved_on
{%- endmacro %}

{#- Rows of a policy table (a CTE with policy_approval) are in force on a day, the as-of date where none is named. -#}
{% macro is_in_force(day=none) -%}
    {%- set day = day or as_of() -%}
    (
        (valid_from is null or valid_from <= {{ day }})
        and (valid_to is null or valid_to >= {{ day }})
    )
{%- endmacro %}

{#- The value of a parameter in force, as a scalar. -#}
{% macro policy_value(parameter) -%}
    (
        select policy_parameter.value
        from {{ ref('int_policy__parameter') }} as policy_parameter
        where policy_parameter.parameter = '{{ parameter }}'
    )
{%- endmacro %}

{#- A column of a policy table as text, NULL where it is empty. -#}
{% macro policy_text(column) -%}
    nullif(cast({{ column }} as {{ dbt.type_string() }}), '')
{%- endmacro %}

{#- A value stands in a list of the policy (a|b|c); an empty list asks nothing. -#}
{% macro is_among(list, value) -%}
    ({{ list }} is null or instr('|' || {{ list }} || '|', '|' || coalesce({{ value }}, '') || '|') > 0)
{%- endmacro %}

{#- A flag of the policy is as the value is; an empty one asks nothing. -#}
{% macro is_as_asked(flag, value) -%}
    ({{ flag }} is null or {{ flag }} = {{ value }})
{%- endmacro %}
