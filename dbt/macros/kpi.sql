{#- The attributes that metrics are told apart by, and how each is called where it is published. The group and all
    but the companies leave intragroup items out (accounting A10). -#}
{% macro kpi_dimensions() -%}
    {{ return({
        'group': none, 'company': 'company_code', 'region': 'region', 'deal_nature': 'deal_nature',
        'salesperson': 'salesperson', 'collector': 'collector'
    }) }}
{%- endmacro %}

{#- Columns of a fine relation that metrics are summed over. -#}
{% macro kpi_attributes() -%}
    {{ return(['company_code', 'region', 'deal_nature', 'salesperson', 'collector', 'is_intragroup']) }}
{%- endmacro %}

{#- What is summed over the months of a window. -#}
{% macro kpi_flows() -%}
    {{ return(['sales', 'sales_tax', 'billed', 'billed_due', 'cash', 'cash_on_due', 'write_off', 'recovery']) }}
{%- endmacro %}

{#- What is summed of payments, once for each way in which their day is known. -#}
{% macro kpi_payment_bases() -%}{{ return(['payment_date', 'clearing_date']) }}{%- endmacro %}
{% macro kpi_payment_sums() -%}
    {{ return([
        'days_amount', 'late_amount', 'paid_amount', 'days_count', 'late_count', 'payment_count',
        'excluded_payment_count'
    ]) }}
{%- endmacro %}

{#- Sums of `measures` per dimension, value and `keys`. -#}
{% macro by_dimension(relation, keys, measures) -%}
{% for dimension, column in kpi_dimensions().items() -%}
select
    '{{ dimension }}' as dimension,
    {{ column or "'*'" }} as dimension_value,
    {{ keys | join(', ') }}
    {%- for measure in measures %},
    sum({{ measure }}) as {{ measure }}
    {%- endfor %}
from {{ relation }}
{% if dimension != 'company' -%}
where not is_intragroup
{% endif -%}
group by {{ column ~ ', ' if column else '' }}{{ keys | join(', ') }}
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}

{#- numerator x factor / denominator to six decimals, NULL where the denominator is not positive: a share of nothing,
    or of a balance in the customers' favour, means nothing. -#}
{% macro ratio_of(numerator, denominator, factor=1) -%}
cast(
    round(
        cast({{ numerator }} as double) * {{ factor }}
        / case when {{ denominator }} > 0 then cast({{ denominator }} as double) end, 6
    ) as decimal(28, 6)
)
{%- endmacro %}

{#- Rows of mart_receivable_kpi whose numerator and denominator are sums over something. -#}
{% macro is_additive_metric() -%}
(
    metric in ('overdue_rate', 'current_rate', 'over_90_rate', 'disputed_rate', 'unapplied_cash_rate',
        'unapplied_cash_age', 'best_possible_dso', 'average_days_delinquent', 'collection_effectiveness_index',
        'due_collection_rate', 'collection_rate', 'recovery_rate', 'days_of_terms')
    or (metric = 'dso' and variant in ('ending', 'with_bills', 'net_of_tax'))
    or (metric = 'bad_debt_ratio' and variant = 'vintage')
    or (metric in ('days_to_pay', 'days_late') and variant in ('weighted', 'simple'))
)
{%- endmacro %}
