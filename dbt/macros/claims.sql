{#- A rule of law holds for a claim: it names the law that governs it, or none. -#}
{% macro is_law_of(regime, claim) -%}
    (
        {{ regime }}.governing_laws is null
        or position(' ' || {{ claim }}.governing_law || ' ' in {{ regime }}.governing_laws) > 0
    )
{%- endmacro %}
