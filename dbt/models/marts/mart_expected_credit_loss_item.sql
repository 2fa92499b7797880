{#- The open items behind every row of mart_expected_credit_loss, each with the bases and the rates
    of its row: the way down from a cell of the provision matrix (policy section 6 rule 7). -#}
with

item as (

    select
        *,
        case when method = 'individual' then customer_id else '' end as assessed_customer_id
    from {{ ref('int_provision__item') }}
    where months_back = 0

),

-- a customer assessed by itself has rates of its own, all others share those of their row
rate as (

    select distinct
        company_code,
        segment,
        rate_segment,
        method,
        policy_version,
        used_aging as aging,
        used_bucket as bucket,
        coalesce(individual_customer_id, '') as assessed_customer_id,
        rate_source,
        rate,
        cover_rate
    from {{ ref('int_provision__priced') }}
    where months_back = 0 and sensitivity = 'base' and not is_beside

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(item.open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(item.company_code as {{ dbt.type_string() }}) as company_code,
        cast(item.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(item.document_id as {{ dbt.type_string() }}) as document_id,
        cast(item.receivable_class as {{ dbt.type_string() }}) as receivable_class,
        cast(item.currency as {{ dbt.type_string() }}) as currency,
        cast(item.open_amount_document as decimal(18, 2)) as open_amount_document,
        cast(item.segment_no as int) as segment_no,
        cast(item.segment as {{ dbt.type_string() }}) as segment,
        cast(item.rate_segment as {{ dbt.type_string() }}) as rate_segment,
        cast(item.method as {{ dbt.type_string() }}) as method,
        cast(item.aging as {{ dbt.type_string() }}) as aging,
        cast(item.bucket as {{ dbt.type_string() }}) as bucket,
        cast(rate.rate_source as {{ dbt.type_string() }}) as rate_source,
        cast(rate.rate as decimal(18, 9)) as rate,
        cast(rate.cover_rate as decimal(18, 9)) as cover_rate,
        {% for basis in ['functional', 'reporting'] -%}
        {% for measure in ['open_amount', 'absorbed', 'exposure', 'covered', 'covered_base',
            'uncovered_base'] -%}
        cast(coalesce(item.{{ measure }}_{{ basis }}, 0) as decimal(18, 2))
            as {{ measure }}_{{ basis }},
        {% endfor -%}
        cast(
            coalesce({{ money_times_rate('item.uncovered_base_' ~ basis, 'rate.rate') }}, 0)
            + coalesce({{ money_times_rate('item.covered_base_' ~ basis, 'rate.cover_rate') }}, 0)
            as decimal(18, 2)
        ) as expected_credit_loss_{{ basis }},
        {% endfor -%}
        cast(item.is_unconverted as boolean) as is_unconverted
    from item
    inner join rate
        on
            {{ equal_key('item', 'rate', ['company_code', 'segment', 'rate_segment', 'method',
                'policy_version', 'aging', 'bucket', 'assessed_customer_id']) }}

)

select * from final
