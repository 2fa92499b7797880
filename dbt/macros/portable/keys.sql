{#- A number per row, dense from 1, without gaps. Which row gets which number means nothing: the keys
    serve joins inside one build. Spark numbers in an order; DuckDB then need not sort. -#}

{% macro dense_key(columns) %}
    {{- return(adapter.dispatch('dense_key', 'arrears')(columns)) -}}
{% endmacro %}
{% macro default__dense_key(columns) %}row_number() over (order by {{ columns | join(', ') }}){% endmacro %}
{% macro duckdb__dense_key(columns) %}row_number() over (){% endmacro %}
