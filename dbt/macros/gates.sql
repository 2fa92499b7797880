{#- Severity of a gate, from `gates` in arrears.yml. error stops publication; warn publishes and
    shows. -#}
{% macro gate_severity(gate) %}{{ return(var('gates', {}).get(gate, 'error')) }}{% endmacro %}
