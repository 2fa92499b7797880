{#- A number per row, dense from 1, without gaps. Which row gets which number means nothing: the keys
    serve joins inside one build. Spark numbers in an order; DuckDB then need not sort, so its numbers
    hold for one reading: only in the last select of a table, or in a CTE with read_once. -#}

{% macro dense_key(columns) %}
    {{- return(adapter.dispatch('dense_key', 'arrears')(columns)) -}}
{% endmacro %}
{% macro default__dense_key(columns) %}row_number() over (order by {{ columns | join(', ') }}){% endmacro %}
{% macro duckdb__dense_key(columns) %}row_number() over (){% endmacro %}

{#- Behind the name of a CTE: it is computed once, however often it is read. -#}
{% macro read_once() %}{{ return(adapter.dispatch('read_once', 'arrears')()) }}{% endmacro %}
{% macro default__read_once() %}{% endmacro %}
{% macro duckdb__read_once() %}materialized{% endmacro %}

{#- Behind the name of a CTE: it is worked out anew wherever it is read, for it is too wide to be kept. -#}
{% macro read_each_time() %}{{ return(adapter.dispatch('read_each_time', 'arrears')()) }}{% endmacro %}
{% macro default__read_each_time() %}{% endmacro %}
{% macro duckdb__read_each_time() %}not materialized{% endmacro %}

{#- By what max_by and min_by choose the newest or the first row: its day, and on one day what tells rows apart, else any of
    them, and another one in the next build. Where several columns are chosen, `ties` are the same for all. -#}
{% macro dated_order(day, ties) -%}
    cast({{ day }} as {{ dbt.type_string() }})
    {%- for tie in ties %} || '|' || coalesce(cast({{ tie }} as {{ dbt.type_string() }}), ''){% endfor %}
{%- endmacro %}
