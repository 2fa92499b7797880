{#- Exposure: what counts as it, and against whose limit.

    Belongs here: the classes, and who shares a pool. Must not: amounts (int_exposure__*). -#}

{#- Classes whose open amounts, credits with their sign, are exposure (policy section 1): contract assets and late
    interest stand beside it. -#}
{% macro is_in_exposure(receivable_class) -%}
    {{ receivable_class }} in ('trade', 'unbilled', 'bill', 'bill_transferred')
{%- endmacro %}

{#- The debtors whose exposure counts against each pool of a limit. -#}
{% macro pool_parties() %}
select distinct
    pooled.scope,
    pooled.pool_company_code,
    pooled.subject_id,
    customer.party_id
from {{ ref('int_exposure__pooled') }} as pooled
inner join {{ ref('dim_customer') }} as customer
    on
        pooled.company_code = customer.company_code
        and pooled.customer_id = customer.customer_id
where not customer.is_intragroup
{% endmacro %}
