with

basis as (

    {{ overdue_basis_rows() }}

),

month as (

    select
        month_start,
        period_end,
        {{ add_days('month_start', -1) }} as eve
    from {{ ref('int_kpi__month') }}

),

rate as (

    select * from {{ ref('int_fx_rate__closing') }}

),

change as (

    select
        change.company_code,
        change.customer_id,
        change.currency,
        basis.due_date_basis,
        {{ month_start('change.day') }} as month_start,
        change.line,
        change.unconverted_change,
        change.amount_document,
        change.amount_functional,
        {{ reporting_or_zero('change.amount_document', 'rate.rate_to_reporting') }}
            as amount_reporting
    from {{ ref('int_overdue__changed') }} as change
    inner join basis
        on {{ overdue_counts_on('change', 'basis') }}
    left join rate
        on
            change.company_code = rate.company_code
            and change.currency = rate.currency
            and change.day = rate.day

),

line as (

    select
        company_code,
        customer_id,
        currency,
        due_date_basis,
        month_start,
        {{ overdue_line_sums(['document', 'functional', 'reporting']) | indent(8) }},
        sum(unconverted_change) as unconverted_change
    from change
    group by company_code, customer_id, currency, due_date_basis, month_start

),

balance as (

    select
        step.company_code,
        step.customer_id,
        step.currency,
        basis.due_date_basis,
        {{ month_start('step.day') }} as month_start,
        sum(step.overdue_document - step.overdue_before_document) as change_document,
        sum(step.overdue_functional - step.overdue_before_functional) as change_functional
    from {{ ref('int_overdue__stepped') }} as step
    inner join basis
        on {{ overdue_counts_on('step', 'basis') }}
    group by
        step.company_code, step.customer_id, step.currency, basis.due_date_basis,
        {{ month_start('step.day') }}

),

running as (

    select
        line.*,
        balance.change_document,
        balance.change_functional,
        {% for money_basis in ['document', 'functional'] -%}
        sum(balance.change_{{ money_basis }}) over along as closing_{{ money_basis }},
        {% endfor -%}
        sum(line.unconverted_change) over along as unconverted_count,
        lead(line.month_start) over along as next_month_start
    from line
    inner join balance
        on
            line.company_code = balance.company_code
            and line.customer_id = balance.customer_id
            and line.currency = balance.currency
            and line.due_date_basis = balance.due_date_basis
            and line.month_start = balance.month_start
    window along as (
        partition by line.company_code, line.customer_id, line.currency, line.due_date_basis
        order by line.month_start
    )

),

-- A month without a change keeps its row as long as something is overdue.
monthly as (

    select
        running.company_code,
        running.customer_id,
        running.currency,
        running.due_date_basis,
        month.month_start,
        month.period_end,
        month.eve,
        running.unconverted_count,
        {% for money_basis in ['document', 'functional'] -%}
        running.closing_{{ money_basis }} - case
            when month.month_start = running.month_start then running.change_{{ money_basis }}
            else 0
        end as opening_{{ money_basis }},
        running.closing_{{ money_basis }},
        {% endfor -%}
        {% for money_basis in ['document', 'functional', 'reporting'] -%}
        {% set outer_last = loop.last -%}
        {% for overdue_line in overdue_lines() -%}
        case
            when month.month_start = running.month_start
                then running.{{ overdue_line }}_{{ money_basis }}
            else 0
        end as {{ overdue_line }}_{{ money_basis }}{{ ',' if not (loop.last and outer_last) }}
        {% endfor -%}
        {% endfor %}
    from running
    inner join month
        on
            month.month_start >= running.month_start
            and (
                running.next_month_start is null
                or month.month_start < running.next_month_start
            )
    where
        month.month_start = running.month_start
        or running.closing_document <> 0
        or running.closing_functional <> 0

),

translated as (

    select
        monthly.*,
        {{ reporting_or_zero('monthly.opening_document', 'eve.rate_to_reporting') }}
            as opening_reporting,
        {{ reporting_or_zero('monthly.closing_document', 'rate.rate_to_reporting') }}
            as closing_reporting
    from monthly
    left join rate
        on
            monthly.company_code = rate.company_code
            and monthly.currency = rate.currency
            and monthly.period_end = rate.day
    left join rate as eve
        on
            monthly.company_code = eve.company_code
            and monthly.currency = eve.currency
            and monthly.eve = eve.day

),

final as (

    select
        cast(month_start as date) as month_start,
        cast(period_end as date) as period_end,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(due_date_basis as {{ dbt.type_string() }}) as due_date_basis,
        {{ overdue_bridge_columns('translated') | indent(8) }}
        cast(unconverted_count as bigint) as unconverted_count
    from translated

)

select * from final
order by due_date_basis, month_start, company_code, customer_id
