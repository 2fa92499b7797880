{#- Policy tables: the shipped default or the company's own, and what is read from them.

    Belongs here: which file counts, whether a row is in force, rows and numbers for macros that compile policy into SQL.
    Must not: what a particular table means. -#}

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
