{{ config(materialized='table') }}

{#- In which state each party stood on each day, of its customers in all companies: legal if one is;
    closed only if all are. -#}
with

dated as (

    select
        customer.party_id,
        dated.customer_id,
        dated.company_code,
        dated.effective_from,
        dated.effective_to,
        coalesce(dated.status, 'active') as status
    from {{ ref('int_customer__dated') }} as dated
    inner join {{ ref('dim_customer') }} as customer
        on
            dated.company_code = customer.company_code
            and dated.customer_id = customer.customer_id

),

change as (

    {% for sign, day in [('1', 'effective_from'), ('-1', 'effective_to')] -%}
    select
        party_id,
        {{ day }} as day,
        {% for status in ['legal', 'hold', 'active'] -%}
        case when status = '{{ status }}' then {{ sign }} else 0 end as {{ status }}_count
        {{- ',' if not loop.last }}
        {% endfor %}
    from dated
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

counted as (

    {{ running_sums('change', ['party_id'], ['legal_count', 'hold_count', 'active_count']) }}

),

final as (

    select
        party_id,
        effective_from,
        effective_to,
        case
            when legal_count > 0 then 'legal'
            when hold_count > 0 then 'hold'
            when active_count > 0 then 'active'
            else 'closed'
        end as status
    from counted

)

select * from final
