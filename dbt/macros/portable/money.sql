{#- Money is decimal(18, 2) from end to end. Every product and quotient of money goes through these
    macros: DuckDB multiplies decimal(18) in 64 bits and overflows, and divides decimals as doubles;
    Spark raises on zero. -#}

{% macro money(expression) %}cast(round({{ expression }}, 2) as decimal(18, 2)){% endmacro %}

{#- decimal(18, 2) x decimal(20, 12) is exact in 38 digits; rates above 99,999,999 do not exist. -#}
{% macro money_times_rate(amount, rate) -%}
    cast(round(cast({{ amount }} as decimal(18, 2)) * cast({{ rate }} as decimal(20, 12)), 2)
        as decimal(18, 2))
{%- endmacro %}

{#- In 38 digits: sums of squares up to 10^17 each way. -#}
{% macro money_squared(amount) -%}
    cast({{ amount }} as decimal(19, 2)) * cast({{ amount }} as decimal(19, 2))
{%- endmacro %}

{#- amount x part / whole, rounded to the cent half away from zero, in whole cents throughout: a
    double holds only 15 digits, and ties would fall on the wrong side. NULL when the whole is 0.
    -#}
{% macro money_share(amount, part, whole) %}
    {{- return(adapter.dispatch('money_share', 'arrears')(amount, part, whole)) -}}
{% endmacro %}
{% macro default__money_share(amount, part, whole) -%}
    cast(round(
        cast({{ amount }} as decimal(18, 2)) * cast({{ part }}
            as decimal(18, 2)) / nullif({{ whole }}, 0), 2
    ) as decimal(18, 2))
{%- endmacro %}
{% macro duckdb__money_share(amount, part, whole) -%}
    cast(
        sign({{ amount }}) * sign({{ part }}) * sign({{ whole }}) * cast(
            (
                2 * cast(abs({{ amount }}) * 100 as hugeint) * cast(abs({{ part }}) * 100
                    as hugeint)
                + cast(abs({{ whole }}) * 100 as hugeint)
            ) // nullif(2 * cast(abs({{ whole }}) * 100 as hugeint), 0)
        as decimal(18, 0)) * cast(0.01 as decimal(3, 2))
    as decimal(18, 2))
{%- endmacro %}

{#- Simple interest on actual days / 365, to the cent. Rates count to nine decimals, so that the product is one of whole
    numbers. -#}
{% macro simple_interest(amount, rate_per_year, days) -%}
    {{- money_share(
        amount,
        'cast(cast(' ~ rate_per_year ~ ' * 1000000000 as bigint) * ' ~ days ~ ' as decimal(18, 0))',
        '365000000000'
    ) -}}
{%- endmacro %}
