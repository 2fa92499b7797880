{#- mart_data_quality lists nothing under this rule. -#}
{% test no_finding(model, rule) %}
select *
from {{ model }}
where rule = '{{ rule }}'
{% endtest %}
