{#- Values as a reader writes them, in Chinese (万, 亿) and in English (k, m).

    Belongs here: the text of one value. Must not: sentences (policy_warning_text), rounding of stored figures. -#}

{#- An amount: 123 / 1.2万 / 3.45亿, or 123 / 1.2k / 3.45m. The step is chosen by the rounded figure, so that 9,999.60 is 1.0万
    and never 10000. -#}
{% macro readable_amount(amount, language) -%}
    {%- set steps = {
        'zh': [('99995000', '0.00000001', 2, '亿'), ('9999.5', '0.0001', 1, '万')],
        'en': [('999950', '0.000001', 2, 'm'), ('999.5', '0.001', 1, 'k')]
    }[language] -%}
    case
        {% for least, factor, decimals, name in steps -%}
        when abs({{ amount }}) >= {{ least }} then cast(cast(round(
            cast({{ amount }} as decimal(20, 2)) * cast({{ factor }} as decimal(9, 8)), {{ decimals }}
        ) as decimal(18, {{ decimals }})) as {{ dbt.type_string() }}) || '{{ name }}'
        {% endfor -%}
        else cast(cast(round({{ amount }}, 0) as bigint) as {{ dbt.type_string() }})
    end
{%- endmacro %}

{% macro readable_number(number, decimals) -%}
    cast(cast(round({{ number }}, {{ decimals }}) as decimal(18, {{ decimals }})) as {{ dbt.type_string() }})
{%- endmacro %}

{#- A value of a unit of warning_subjects(); what is missing is said to be. -#}
{% macro readable(value, unit, language) -%}
    coalesce(
        {% if unit == 'amount' -%}
        {{ readable_amount(value, language) }}
        {%- elif unit == 'rate' -%}
        {{ readable_number('cast(' ~ value ~ ' as decimal(20, 6)) * 100', 1) }} || '%'
        {%- elif unit == 'number' -%}
        {{ readable_number(value, 2) }}
        {%- elif unit in ['days', 'count', 'since', 'until'] -%}
        cast(cast({{ value }} as bigint) as {{ dbt.type_string() }})
        {%- else -%}
        cast({{ value }} as {{ dbt.type_string() }})
        {%- endif %},
        '{{ {'zh': '无', 'en': 'n/a'}[language] }}'
    )
{%- endmacro %}

{#- A sentence with {measure} in braces as SQL: texts and values joined. `values` maps a name to its expression and unit. -#}
{% macro filled_sentence(sentence, values, language) -%}
    {%- set parts = [] -%}
    {%- for piece in modules.re.split('[{]([^}]*)[}]', sentence or '') -%}
        {%- if loop.index0 % 2 -%}
            {%- do parts.append(readable(values[piece].expression, values[piece].unit, language)) -%}
        {%- elif piece -%}
            {%- do parts.append("'" ~ piece.replace("'", "''") ~ "'") -%}
        {%- endif -%}
    {%- endfor -%}
    {{ (parts or ["''"]) | join(' || ') }}
{%- endmacro %}

{#- A sentence as a part of another one. -#}
{% macro without_full_stop(sentence) -%}
    case
        when substring({{ sentence }}, length({{ sentence }}), 1) in ('。', '.')
            then substring({{ sentence }}, 1, length({{ sentence }}) - 1)
        else {{ sentence }}
    end
{%- endmacro %}
