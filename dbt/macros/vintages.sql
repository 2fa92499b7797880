{#- Steps in which the age of what a quarter billed is told: 30 days each after the first due date, as roll rates
    are (DECISIONS 49). -#}
{% macro vintage_steps() -%}{{ return(12) }}{%- endmacro %}

{#- The first step whose day is not before `day`; never below 0, for nothing is told of the time before the due date. -#}
{% macro vintage_step(due_date, day) -%}
greatest(0, cast(ceil({{ days_between(due_date, day) }} / 30.0) as bigint))
{%- endmacro %}

{#- The last step that what is due on `due_date` can have reached by the as-of date; -1 where it is not due. -#}
{% macro vintage_reach(due_date) -%}
least({{ vintage_steps() }}, greatest(-1, cast(floor({{ days_between(due_date, as_of()) }} / 30.0) as bigint)))
{%- endmacro %}
