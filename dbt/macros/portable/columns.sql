{#- All columns of a relation but some, for rows as wide as the source made them. -#}

{% macro all_columns_but(relation, columns) %}
    {{- return(adapter.dispatch('all_columns_but', 'arrears')(relation, columns)) -}}
{% endmacro %}
{% macro default__all_columns_but(relation, columns) %}{{ relation }}.* except ({{ columns | join(', ') }}){% endmacro %}
{% macro duckdb__all_columns_but(relation, columns) %}{{ relation }}.* exclude ({{ columns | join(', ') }}){% endmacro %}
