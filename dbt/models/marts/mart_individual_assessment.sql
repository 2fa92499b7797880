{#- Customers assessed by themselves 单项计提, as the note to the accounts names them. -#}
with

customer as (

    select *
    from {{ ref('int_provision__customer') }}
    where months_back = 0 and is_individual

),

loss as (

    select
        company_code,
        individual_customer_id as customer_id,
        {% for basis in ['functional', 'reporting'] -%}
        {% for measure in ['exposure', 'covered', 'uncovered_base', 'covered_loss',
            'uncovered_loss'] -%}
        sum({{ measure }}_{{ basis }}) as {{ measure }}_{{ basis }},
        {% endfor -%}
        {% endfor -%}
        sum(item_count) as item_count
    from {{ ref('int_provision__priced') }}
    where months_back = 0 and method = 'individual' and sensitivity = 'base'
    group by company_code, individual_customer_id

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(customer.company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(customer.name as {{ dbt.type_string() }}) as name,
        cast(customer.individual_reason as {{ dbt.type_string() }}) as individual_reason,
        cast(customer.defaulted_on as date) as defaulted_on,
        cast(customer.default_reason as {{ dbt.type_string() }}) as default_reason,
        cast(customer.matrix_segment as {{ dbt.type_string() }}) as matrix_segment,
        cast(customer.decided_loss_rate is not null as boolean) as is_decided,
        cast(customer.decided_method as {{ dbt.type_string() }}) as decided_method,
        cast(customer.decided_reason as {{ dbt.type_string() }}) as decided_reason,
        cast(customer.decided_by as {{ dbt.type_string() }}) as decided_by,
        cast(customer.decided_on as date) as decided_on,
        cast(coalesce(customer.decided_loss_rate, 1) as decimal(18, 9)) as rate,
        {% for basis in ['functional', 'reporting'] -%}
        cast(coalesce(loss.exposure_{{ basis }}, 0) as decimal(18, 2)) as exposure_{{ basis }},
        cast(coalesce(loss.covered_{{ basis }}, 0) as decimal(18, 2)) as covered_{{ basis }},
        cast(coalesce(loss.uncovered_base_{{ basis }}, 0) as decimal(18, 2))
            as uncovered_base_{{ basis }},
        cast(coalesce(loss.covered_loss_{{ basis }} + loss.uncovered_loss_{{ basis }}, 0)
            as decimal(18, 2)) as expected_credit_loss_{{ basis }},
        {% endfor -%}
        cast(coalesce(loss.item_count, 0) as bigint) as item_count
    from customer
    left join loss
        on customer.company_code = loss.company_code and customer.customer_id = loss.customer_id

)

select * from final
