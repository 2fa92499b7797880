with

-- The newest day that each company had closed before the as-of date, and what was known then.
previous as (

    select
        company_code,
        max(closed_through) as previous_day
    from {{ ref('int_company__delivery') }}
    where closed_through < {{ as_of() }}
    group by company_code

),

known as (

    select
        previous.company_code,
        previous.previous_day,
        max(delivery.known_at) as previous_known_at
    from previous
    inner join {{ ref('int_company__delivery') }} as delivery
        on
            previous.company_code = delivery.company_code
            and previous.previous_day = delivery.closed_through
    group by previous.company_code, previous.previous_day

),

balance as (

    select
        balance.*,
        known.previous_day,
        customer.deal_nature,
        customer.is_intragroup
    from {{ ref('fct_open_item_balance') }} as balance
    inner join known
        on
            balance.company_code = known.company_code
            and balance.effective_from <= known.previous_day
            and balance.effective_to > known.previous_day
            and balance.known_from <= known.previous_known_at
            and balance.known_to > known.previous_known_at
    inner join {{ ref('dim_customer') }} as customer
        on
            balance.company_code = customer.company_code
            and balance.customer_id = customer.customer_id
    where
        balance.receivable_class = 'trade'
        and (
            balance.open_amount_document > 0
            or (balance.open_amount_document = 0 and balance.open_amount_functional > 0)
        )

),

opening as (

    {% for basis, column in overdue_bases().items() -%}
    select
        company_code,
        currency,
        deal_nature,
        is_intragroup,
        '{{ basis }}' as due_date_basis,
        sum(open_amount_document) as opening_document,
        sum(coalesce(open_amount_functional, 0)) as opening_functional
    from balance
    where
        {{ 'coalesce(agreed_due_date, due_date)' if basis == 'agreed' else column }} < previous_day
    group by company_code, currency, deal_nature, is_intragroup
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

bridge as (

    select
        bridge.*,
        known.previous_day
    from {{ ref('mart_overdue_bridge') }} as bridge
    inner join known
        on bridge.company_code = known.company_code and bridge.day >= known.previous_day

),

{%- set key = ['company_code', 'currency', 'deal_nature', 'is_intragroup', 'due_date_basis'] %}

flow as (

    select
        {{ key | join(', ') }},
        {% for money_basis in ['document', 'functional', 'reporting'] -%}
        sum(case when day = previous_day then closing_{{ money_basis }} else 0 end)
            as known_now_{{ money_basis }},
        {% for line in overdue_lines() if not (line == 'fx' and money_basis == 'document') -%}
        sum(case when day > previous_day then {{ line }}_{{ money_basis }} else 0 end)
            as {{ line }}_{{ money_basis }},
        {% endfor -%}
        sum(case when day = {{ as_of() }} then closing_{{ money_basis }} else 0 end)
            as closing_{{ money_basis }}{{ ',' if not loop.last }}
        {% endfor %}
    from bridge
    group by {{ key | join(', ') }}

),

-- What was overdue then and is not so any more, as known now, may be all that there was in its scope.
line_up as (

    select
        {% for column in key -%}
        coalesce(flow.{{ column }}, opening.{{ column }}) as {{ column }},
        {% endfor -%}
        {% for money_basis in ['document', 'functional'] -%}
        coalesce(opening.opening_{{ money_basis }}, 0) as opening_{{ money_basis }},
        {% endfor -%}
        {% for money_basis in ['document', 'functional', 'reporting'] -%}
        {% for line in overdue_lines() if not (line == 'fx' and money_basis == 'document') -%}
        coalesce(flow.{{ line }}_{{ money_basis }}, 0) as {{ line }}_{{ money_basis }},
        {% endfor -%}
        coalesce(flow.known_now_{{ money_basis }}, 0) as known_now_{{ money_basis }},
        coalesce(flow.closing_{{ money_basis }}, 0)
            as closing_{{ money_basis }}{{ ',' if not loop.last }}
        {% endfor %}
    from flow
    full outer join opening
        on
            {% for column in key -%}
            flow.{{ column }} = opening.{{ column }}
            {{ 'and' if not loop.last }}
            {% endfor %}

),

rate as (

    select * from {{ ref('int_fx_rate__closing') }}

),

valued as (

    select
        line_up.*,
        known.previous_day,
        known.previous_known_at,
        {{ reporting_or_zero('line_up.opening_document', 'rate.rate_to_reporting') }}
            as opening_reporting
    from line_up
    inner join known
        on line_up.company_code = known.company_code
    left join rate
        on
            line_up.company_code = rate.company_code
            and line_up.currency = rate.currency
            and known.previous_day = rate.day

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(deal_nature as {{ dbt.type_string() }}) as deal_nature,
        cast(is_intragroup as boolean) as is_intragroup,
        cast(due_date_basis as {{ dbt.type_string() }}) as due_date_basis,
        cast(previous_day as date) as previous_day,
        cast(previous_known_at as timestamp) as previous_known_at,
        {% for money_basis in ['document', 'functional', 'reporting'] -%}
        cast(opening_{{ money_basis }} as decimal(18, 2)) as opening_{{ money_basis }},
        cast(known_now_{{ money_basis }} - opening_{{ money_basis }} as decimal(18, 2))
            as restated_{{ money_basis }},
        {% for line in overdue_lines() if not (line == 'fx' and money_basis == 'document') -%}
        cast({{ line }}_{{ money_basis }} as decimal(18, 2)) as {{ line }}_{{ money_basis }},
        {% endfor -%}
        cast(closing_{{ money_basis }} as decimal(18, 2))
            as closing_{{ money_basis }}{{ ',' if not loop.last }}
        {% endfor %}
    from valued

)

select * from final
order by due_date_basis, company_code, currency
