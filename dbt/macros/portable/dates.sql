{#- Date arithmetic that differs between engines. default__ is the Spark form, duckdb__ the DuckDB
    form. -#}

{% macro as_of() %}cast('{{ var("as_of_date") }}' as date){% endmacro %}

{#- Intervals are half-open [from, to). An open end is a real value, so that comparisons need no
    null rule. -#}
{% macro end_of_time() %}cast('9999-12-31 00:00:00' as timestamp){% endmacro %}
{% macro start_of_time() %}cast('1900-01-01 00:00:00' as timestamp){% endmacro %}
{% macro end_of_days() %}cast('9999-12-31' as date){% endmacro %}
{% macro start_of_days() %}cast('1900-01-01' as date){% endmacro %}

{% macro days_between(earlier, later) %}
    {{- return(adapter.dispatch('days_between', 'arrears')(earlier, later)) -}}
{% endmacro %}
{% macro default__days_between(earlier, later) %}cast(datediff({{ later }}, {{ earlier }})
    as bigint){% endmacro %}
{% macro duckdb__days_between(earlier, later) %}cast(date_diff('day', {{ earlier }}, {{ later }})
    as bigint){% endmacro %}

{% macro add_days(date_value, days) %}
    {{- return(adapter.dispatch('add_days', 'arrears')(date_value, days)) -}}
{% endmacro %}
{% macro default__add_days(date_value, days) %}date_add({{ date_value }},
    cast({{ days }} as int)){% endmacro %}
{% macro duckdb__add_days(date_value, days) %}({{ date_value }}
    + cast({{ days }} as integer)){% endmacro %}

{#- Clamps to the month end: 31 January + 1 month = 28 or 29 February. -#}
{% macro add_months(date_value, months) %}
    {{- return(adapter.dispatch('add_months', 'arrears')(date_value, months)) -}}
{% endmacro %}
{% macro default__add_months(date_value, months) %}add_months({{ date_value }},
    cast({{ months }} as int)){% endmacro %}
{% macro duckdb__add_months(date_value, months) -%}
    cast({{ date_value }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}

{#- Calendar months from one day's month to the other's, whatever the days. -#}
{% macro calendar_months_between(earlier, later) -%}
    (
        (extract(year from {{ later }}) - extract(year from {{ earlier }})) * 12
        + extract(month from {{ later }}) - extract(month from {{ earlier }})
    )
{%- endmacro %}

{% macro month_end(date_value) %}cast(last_day({{ date_value }}) as date){% endmacro %}

{#- The Monday. -#}
{% macro week_start(date_value) %}cast(date_trunc('week', {{ date_value }}) as date){% endmacro %}

{% macro month_start(date_value) %}cast(date_trunc('month', {{ date_value }}) as date){% endmacro %}

{#- One row per day, column `day`, both ends included. -#}
{% macro day_spine(first_day, last_day) %}
    {{- return(adapter.dispatch('day_spine', 'arrears')(first_day, last_day)) -}}
{% endmacro %}
{% macro default__day_spine(first_day, last_day) -%}
    select explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) as day
{%- endmacro %}
{% macro duckdb__day_spine(first_day, last_day) -%}
    select cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date)
        as day
{%- endmacro %}
