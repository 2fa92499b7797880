{#- The reminder ladder (policy section 5): which of its steps a source's text for the stage means.

    Belongs here: reading the text. Must not: names of stages (policy_ladder_stage), days of the steps (the dashboard). -#}

{#- A stage as it is compared: `Formal_Demand` and `formal demand` are one, and so are both apostrophes. -#}
{% macro plain_stage(text) -%}
    trim(lower(replace(replace(replace(replace({{ text }}, '_', ' '), '-', ' '), '''', ''), '’', '')))
{%- endmacro %}

{#- The step that a plain stage names by its number: 3, step 3, 第3步; NULL where anything else stands beside it, for a
    reminder 1 or a level 1 counts otherwise. -#}
{% macro numbered_step(stage) -%}
    case trim(replace(replace(replace(replace({{ stage }}, 'step', ''), '第', ''), '步骤', ''), '步', ''))
        {% for step_no in range(1, 9) -%}
        when '{{ step_no }}' then {{ step_no }}
        {% endfor -%}
    end
{%- endmacro %}
