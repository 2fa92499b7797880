with

bill as (

    select
        *,
        count(*) over paper as receipt_count,
        sum(amount) over paper as bill_amount
    from {{ ref('int_bill__receipt') }}
    where known_to = {{ end_of_time() }} and opened_on <= {{ as_of() }}
    window paper as (partition by company_code, bill_key)

),

voucher as (

    select *
    from {{ ref('int_voucher__version') }}
    where known_to = {{ end_of_time() }} and bill_outcome is not null

),

-- a bill that came back in full has the dates that it had until then
dated as (

    select
        item.voucher_key,
        attribute.due_date,
        attribute.original_due_date,
        attribute.age_anchor_date
    from {{ ref('int_bill__attribute') }} as attribute
    inner join {{ ref('int_open_item__keyed') }} as item
        on
            attribute.item_key = item.item_key
            and item.voucher_kind = 'B'
            and item.instalment_no = 1
    inner join {{ ref('int_bill__stated') }} as stated
        on item.voucher_key = stated.voucher_key
    where
        attribute.known_to = {{ end_of_time() }}
        and attribute.effective_from
        <= coalesce({{ add_days('stated.voided_on', -1) }}, {{ as_of() }})
        and attribute.effective_to > coalesce({{ add_days('stated.voided_on', -1) }}, {{ as_of() }})

),

-- the parts of a bill are equally old
bucket as (

    select
        item.voucher_key,
        max(bucketed.bucket) as bucket,
        max(bucketed.policy_version) as policy_version
    from {{ ref('int_open_item__bucketed') }} as bucketed
    inner join {{ ref('int_open_item__keyed') }} as item
        on bucketed.open_item_id = item.open_item_id and item.voucher_kind = 'B'
    where bucketed.scheme = 'cas_annual'
    group by item.voucher_key

),

rate as (

    select *
    from {{ ref('int_fx_rate__closing') }}
    where day = {{ as_of() }}

),

receipt as (

    select
        bill.*,
        bill.opened_on as received_on,
        voucher.customer_id,
        voucher.currency,
        source.bill_id,
        source.method,
        acceptor.acceptor_name,
        acceptor.acceptor as acceptor_kind,
        company.country,
        rate.rate_to_reporting
    from bill
    inner join voucher
        on bill.voucher_key = voucher.voucher_key
    inner join {{ ref('fct_receipt') }} as source
        on bill.company_code = source.company_code and bill.receipt_id = source.receipt_id
    inner join {{ ref('int_provision__acceptor') }} as acceptor
        on bill.company_code = acceptor.company_code and bill.receipt_id = acceptor.receipt_id
    inner join {{ ref('int_company') }} as company
        on bill.company_code = company.company_code
    left join rate
        on bill.company_code = rate.company_code and voucher.currency = rate.currency

),

described as (

    select
        receipt.*,
        stated.voided_on as came_back_on,
        stated.bill_state,
        stated.state_count,
        {% for state in bill_states() -%}
        stated.{{ state.name }}_amount,
        {% endfor -%}
        stated.held_amount,
        stated.passed_amount,
        stated.back_amount,
        stated.held_amount + stated.passed_amount > 0 and receipt.maturity_date is not null
            as is_running,
        {{ days_between('receipt.maturity_date', as_of()) }} as days_past_maturity,
        stated.held_amount + stated.passed_amount + stated.back_amount as open_amount,
        dated.original_due_date,
        dated.age_anchor_date,
        bucket.bucket,
        bucket.policy_version,
        coalesce(settled.settled_document_count, 0) as settled_document_count,
        settled.is_bill_allowed = 1 as is_bill_allowed,
        settled.contract_longest_days,
        {{ days_between('receipt.received_on', 'receipt.maturity_date') }} as tenor_days,
        receipt.country = 'CN' and {{ is_too_long_by_law('receipt') }} as is_too_long_by_law
    from receipt
    inner join {{ ref('int_bill__stated') }} as stated
        on receipt.voucher_key = stated.voucher_key
    inner join dated
        on receipt.voucher_key = dated.voucher_key
    left join {{ ref('int_bill__settled') }} as settled
        on receipt.voucher_key = settled.voucher_key
    left join bucket
        on receipt.voucher_key = bucket.voucher_key

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(described.company_code as {{ dbt.type_string() }}) as company_code,
        cast(described.receipt_id as {{ dbt.type_string() }}) as receipt_id,
        cast(described.bill_id as {{ dbt.type_string() }}) as bill_id,
        cast(described.receipt_count as bigint) as receipt_count,
        cast(described.bill_amount as decimal(18, 2)) as bill_amount_document,
        cast(described.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(described.method as {{ dbt.type_string() }}) as method,
        cast(nullif(described.acceptor_name, '') as {{ dbt.type_string() }}) as acceptor,
        cast(described.acceptor_kind as {{ dbt.type_string() }}) as acceptor_kind,
        cast(described.acceptor_kind = 'major_bank' as boolean) as is_major_bank,
        cast(described.received_on as date) as received_on,
        cast(described.maturity_date as date) as maturity_date,
        cast(described.tenor_days as bigint) as tenor_days,
        cast(described.currency as {{ dbt.type_string() }}) as currency,
        cast(described.amount as decimal(18, 2)) as amount_document,
        {{ money_times_rate('described.amount', 'described.rate_to_reporting') }}
            as amount_reporting,
        cast(described.bill_state as {{ dbt.type_string() }}) as bill_state,
        cast(
            case described.bill_state
                {% for state in bill_states() -%}
                when '{{ state.name }}' then '{{ state.label_zh }}'
                {% endfor -%}
            end as {{ dbt.type_string() }}
        ) as bill_state_zh,
        cast(described.state_count as bigint) as state_count,
        cast(described.came_back_on as date) as came_back_on,
        {% for state in bill_states() -%}
        cast(described.{{ state.name }}_amount as decimal(18, 2))
            as {{ state.name }}_amount_document,
        {% endfor -%}
        {% for part, name in [('held', 'held'), ('passed', 'passed_on'), ('back', 'back')] -%}
        cast(described.{{ part }}_amount as decimal(18, 2)) as {{ name }}_amount_document,
        {{ money_times_rate('described.' ~ part ~ '_amount', 'described.rate_to_reporting') }}
            as {{ name }}_amount_reporting,
        {% endfor -%}
        cast(described.open_amount > 0 as boolean) as is_exposure,
        cast(
            case when described.is_running then greatest(-described.days_past_maturity, 0) end
            as bigint
        ) as days_to_maturity,
        cast(
            case when described.is_running then greatest(described.days_past_maturity, 0) end
            as bigint
        ) as days_past_maturity,
        cast(described.original_due_date as date) as original_due_date,
        cast(described.age_anchor_date as date) as age_anchor_date,
        cast(
            case when described.open_amount > 0
                then {{ days_between('described.original_due_date', as_of()) }} end as bigint
        ) as days_past_original_due,
        cast(
            case when described.open_amount > 0
                then {{ days_between('described.age_anchor_date', as_of()) }} end as bigint
        ) as age_days,
        cast(described.bucket as {{ dbt.type_string() }}) as bucket_cas_annual,
        cast(described.settled_document_count as bigint) as settled_document_count,
        cast(described.is_bill_allowed as boolean) as is_bill_allowed,
        cast(described.contract_longest_days as bigint) as contract_longest_days,
        cast(
            described.tenor_days > described.contract_longest_days as boolean
        ) as is_too_long_by_contract,
        cast(described.is_too_long_by_law as boolean) as is_too_long_by_law,
        cast(customer.is_intragroup as boolean) as is_intragroup,
        cast(described.rate_to_reporting is null as boolean) as is_unconverted,
        cast(described.policy_version as {{ dbt.type_string() }}) as policy_version,
        cast(described._load_id as bigint) as _load_id,
        cast(described._row as bigint) as _row
    from described
    inner join {{ ref('dim_customer') }} as customer
        on
            described.company_code = customer.company_code
            and described.customer_id = customer.customer_id

)

select * from final
