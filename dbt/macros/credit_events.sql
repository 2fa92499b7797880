{#- A piece of credit information says that an earlier one of its kind no longer holds. -#}
{% macro is_lifted_event(value) -%}
    coalesce({{ value }} in (
        'lifted', 'dismissed', 'revoked', 'removed', 'closed', '解除', '撤销', '移出'
    ), false)
{%- endmacro %}
