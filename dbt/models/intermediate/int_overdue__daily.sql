{{ config(materialized='table') }}

{#- Changes of what is overdue per day, scope of the trend and basis: the lines of the bridge, and
    beside them what the interval table says. -#}
with

basis as (

    {{ overdue_basis_rows() }}

),

customer_scope as (

    select * from {{ ref('int_overdue_trend__customer') }}

),

{%- set sums = {
    'line': ('int_overdue__changed', overdue_line_sums(['document', 'functional'])),
    'balance': ('int_overdue__stepped', 'sum(told.overdue_document - told.overdue_before_document)
            as change_document,
        sum(told.overdue_functional - told.overdue_before_functional) as change_functional,
        sum(told.unconverted_change) as unconverted_change')
} %}

{% for name, (relation, measures) in sums.items() -%}
{{ name }} as (

    select
        customer_scope.scope_key,
        basis.due_date_basis,
        told.day,
        {{ measures | indent(8) }}
    from {{ ref(relation) }} as told
    inner join basis
        on {{ overdue_counts_on('told', 'basis') }}
    inner join customer_scope
        on
            told.company_code = customer_scope.company_code
            and told.customer_id = customer_scope.customer_id
            and told.currency = customer_scope.currency
    group by customer_scope.scope_key, basis.due_date_basis, told.day

),

{% endfor -%}
final as (

    select
        balance.scope_key,
        balance.due_date_basis,
        balance.day,
        balance.change_document,
        balance.change_functional,
        balance.unconverted_change,
        {% for money_basis in ['document', 'functional'] -%}
        {% set outer_last = loop.last -%}
        {% for overdue_line in overdue_lines() -%}
        coalesce(line.{{ overdue_line }}_{{ money_basis }}, 0)
            as {{ overdue_line }}_{{ money_basis }}{{ ',' if not (loop.last and outer_last) }}
        {% endfor -%}
        {% endfor %}
    from balance
    left join line
        on
            balance.scope_key = line.scope_key
            and balance.due_date_basis = line.due_date_basis
            and balance.day = line.day

)

select * from final
