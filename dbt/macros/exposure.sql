{#- Classes whose open amounts, credits with their sign, are exposure (policy section 1): contract assets and late
    interest stand beside it. -#}
{% macro is_in_exposure(receivable_class) -%}
    {{ receivable_class }} in ('trade', 'unbilled', 'bill', 'bill_transferred')
{%- endmacro %}
