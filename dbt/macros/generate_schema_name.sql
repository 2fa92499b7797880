{#- A custom schema is taken as it stands, so that asset keys, published names and dashboard queries
    agree. -#}
{% macro generate_schema_name(custom_schema_name, node) %}
    {{- (custom_schema_name or target.schema) | trim -}}
{% endmacro %}
