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
