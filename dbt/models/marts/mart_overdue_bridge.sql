with

change as (

    select * from {{ ref('int_overdue__daily') }}

),

first_day as (

    select
        scope_key,
        min(day) as first_day
    from change
    group by scope_key

),

basis as (

    {{ overdue_basis_rows() }}

),

-- Dense: on a day without a change the balance runs on, and its worth in the reporting currency moves.
spine as (

    select
        first_day.scope_key,
        basis.due_date_basis,
        calendar.day
    from first_day
    cross join basis
    inner join {{ ref('dim_date') }} as calendar
        on calendar.day >= first_day.first_day and calendar.day <= {{ as_of() }}

),

running as (

    select
        spine.scope_key,
        spine.due_date_basis,
        spine.day,
        {% for money_basis in ['document', 'functional'] -%}
        sum(coalesce(change.change_{{ money_basis }}, 0)) over along
        - coalesce(change.change_{{ money_basis }}, 0) as opening_{{ money_basis }},
        {% for line in overdue_lines() -%}
        coalesce(change.{{ line }}_{{ money_basis }}, 0) as {{ line }}_{{ money_basis }},
        {% endfor -%}
        sum(coalesce(change.change_{{ money_basis }}, 0)) over along as closing_{{ money_basis }},
        {% endfor -%}
        sum(coalesce(change.unconverted_change, 0)) over along as unconverted_count
    from spine
    left join change
        on
            spine.scope_key = change.scope_key
            and spine.due_date_basis = change.due_date_basis
            and spine.day = change.day
    window along as (
        partition by spine.scope_key, spine.due_date_basis
        order by spine.day
        rows between unbounded preceding and current row
    )

),

rate as (

    select * from {{ ref('int_fx_rate__closing') }}

),

translated as (

    select
        running.*,
        scope.company_code,
        scope.currency,
        scope.deal_nature,
        scope.is_intragroup,
        {{ reporting_or_zero('running.opening_document', 'eve.rate_to_reporting') }}
            as opening_reporting,
        {% for line in overdue_lines() -%}
        {{ reporting_or_zero('running.' ~ line ~ '_document', 'rate.rate_to_reporting') }}
            as {{ line }}_reporting,
        {% endfor -%}
        {{ reporting_or_zero('running.closing_document', 'rate.rate_to_reporting') }}
            as closing_reporting
    from running
    inner join {{ ref('int_overdue_trend__scope') }} as scope
        on running.scope_key = scope.scope_key
    left join rate
        on
            scope.company_code = rate.company_code
            and scope.currency = rate.currency
            and running.day = rate.day
    left join rate as eve
        on
            scope.company_code = eve.company_code
            and scope.currency = eve.currency
            and {{ add_days('running.day', -1) }} = eve.day

),

final as (

    select
        cast(day as date) as day,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(deal_nature as {{ dbt.type_string() }}) as deal_nature,
        cast(is_intragroup as boolean) as is_intragroup,
        cast(due_date_basis as {{ dbt.type_string() }}) as due_date_basis,
        {{ overdue_bridge_columns('translated') | indent(8) }}
        cast(unconverted_count as bigint) as unconverted_count
    from translated

)

select * from final
order by due_date_basis, day, company_code, currency
