{{ config(materialized='table') }}

{#- Changes of what is overdue per day, scope of the trend and basis: the lines of the bridge, and
    beside them what the interval table says. -#}
with

basis as (

    {{ overdue_basis_rows() }}

),

customer_scope as (

    select
        customer.company_code,
        customer.customer_id,
        scope.currency,
        scope.scope_key
    from {{ ref('dim_customer') }} as customer
    inner join {{ ref('int_overdue_trend__scope') }} as scope
        on
            customer.company_code = scope.company_code
            and customer.deal_nature = scope.deal_nature
            and customer.is_intragroup = scope.is_intragroup

),

line as (

    select
        customer_scope.scope_key,
        basis.due_date_basis,
        change.day,
        {{ overdue_line_sums(['document', 'functional']) | indent(8) }}
    from {{ ref('int_overdue__changed') }} as change
    inner join basis
        on {{ overdue_counts_on('change', 'basis') }}
    inner join customer_scope
        on
            change.company_code = customer_scope.company_code
            and change.customer_id = customer_scope.customer_id
            and change.currency = customer_scope.currency
    group by customer_scope.scope_key, basis.due_date_basis, change.day

),

balance as (

    select
        customer_scope.scope_key,
        basis.due_date_basis,
        step.day,
        sum(step.overdue_document - step.overdue_before_document) as change_document,
        sum(step.overdue_functional - step.overdue_before_functional) as change_functional,
        sum(step.unconverted_change) as unconverted_change
    from {{ ref('int_overdue__stepped') }} as step
    inner join basis
        on {{ overdue_counts_on('step', 'basis') }}
    inner join customer_scope
        on
            step.company_code = customer_scope.company_code
            and step.customer_id = customer_scope.customer_id
            and step.currency = customer_scope.currency
    group by customer_scope.scope_key, basis.due_date_basis, step.day

),

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
