with

retention as (

    select *
    from {{ ref('fct_open_item') }}
    where
        is_current
        and instalment_kind = 'retention'
        and opened_on <= {{ as_of() }}
        and (voided_on is null or voided_on > {{ as_of() }})

),

dated as (

    select
        retention.*,
        instalment.unconditional_on,
        document.contract_id,
        document.project,
        -- until it is told when the right is unconditional, the due date says how early is early
        least(
            {{ add_days('coalesce(instalment.unconditional_on, retention.due_date)', -1) }},
            {{ as_of() }}
        ) as last_early_day
    from retention
    inner join {{ ref('fct_instalment') }} as instalment
        on
            retention.company_code = instalment.company_code
            and retention.document_id = instalment.document_id
            and retention.instalment_no = instalment.instalment_no
    inner join {{ ref('fct_document') }} as document
        on
            retention.company_code = document.company_code
            and retention.document_id = document.document_id

),

balance as (

    select
        dated.open_item_id,
        balance.open_amount_document
    from dated
    inner join {{ ref('fct_open_item_balance') }} as balance
        on dated.open_item_id = balance.open_item_id
    where
        balance.known_to = {{ end_of_time() }}
        and balance.effective_from <= dated.last_early_day
        and balance.effective_to > dated.last_early_day

),

described as (

    select
        dated.*,
        coalesce(item.open_amount_document, 0) as open_amount,
        case when item.open_item_id is null then 0 else item.open_amount_reporting end
            as open_amount_reporting,
        coalesce(item.is_unconverted, false) as is_unconverted,
        coalesce(item.days_past_due, 0) as item_days_past_due,
        dated.receivable_class = 'contract_asset' as is_conditional,
        case when dated.last_early_day >= dated.opened_on
            then dated.original_amount_document - coalesce(balance.open_amount_document, 0)
            else 0 end as settled_early_amount,
        shared.retention_share,
        shared.retention_until,
        shared.document_difference_amount,
        shared.is_document_share_kept,
        shared.contract_billed_amount,
        shared.contract_retention_amount,
        shared.contract_difference_amount,
        shared.is_contract_share_kept
    from dated
    left join {{ ref('int_open_item__current') }} as item
        on dated.open_item_id = item.open_item_id
    left join balance
        on dated.open_item_id = balance.open_item_id
    left join {{ ref('int_retention__shared') }} as shared
        on
            dated.company_code = shared.company_code
            and dated.document_id = shared.document_id

),

judged as (

    select
        *,
        not is_conditional and open_amount > 0 and item_days_past_due > 0 as is_overdue
    from described

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(judged.open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(judged.company_code as {{ dbt.type_string() }}) as company_code,
        cast(judged.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(judged.document_id as {{ dbt.type_string() }}) as document_id,
        cast(judged.instalment_no as int) as instalment_no,
        cast(judged.document_date as date) as document_date,
        cast(judged.contract_id as {{ dbt.type_string() }}) as contract_id,
        cast(judged.project as {{ dbt.type_string() }}) as project,
        cast(judged.currency as {{ dbt.type_string() }}) as currency,
        cast(judged.original_amount_document as decimal(18, 2)) as retention_amount_document,
        cast(judged.open_amount as decimal(18, 2)) as open_amount_document,
        cast(judged.open_amount_reporting as decimal(18, 2)) as open_amount_reporting,
        cast(judged.receivable_class as {{ dbt.type_string() }}) as receivable_class,
        cast(
            case
                when judged.open_amount = 0 then 'settled'
                when judged.is_conditional then 'conditional'
                when judged.is_overdue then 'overdue'
                else 'unconditional'
            end as {{ dbt.type_string() }}
        ) as retention_state,
        cast(judged.unconditional_on as date) as unconditional_on,
        cast(judged.retention_until as date) as contract_retention_until,
        cast(judged.due_date as date) as due_date,
        cast(
            case when judged.unconditional_on > {{ as_of() }}
                then {{ days_between(as_of(), 'judged.unconditional_on') }} end as bigint
        ) as days_until_unconditional,
        cast(
            case when judged.unconditional_on <= {{ as_of() }}
                then {{ days_between('judged.unconditional_on', as_of()) }} end as bigint
        ) as days_since_unconditional,
        cast(
            case when judged.is_overdue then judged.item_days_past_due else 0 end as bigint
        ) as days_past_due,
        cast(
            case when judged.is_overdue then judged.open_amount else 0 end as decimal(18, 2)
        ) as overdue_amount_document,
        cast(
            judged.is_conditional and judged.unconditional_on is null as boolean
        ) as is_unconditional_date_missing,
        cast(
            judged.is_conditional and judged.open_amount > 0
            and least(judged.retention_until, judged.due_date) < {{ as_of() }} as boolean
        ) as is_release_late,
        cast(
            case when judged.settled_early_amount > 0 then judged.settled_early_amount else 0 end
            as decimal(18, 2)
        ) as settled_early_amount_document,
        cast(judged.retention_share as decimal(9, 6)) as contract_retention_share,
        cast(judged.document_difference_amount as decimal(18, 2))
            as document_share_difference_document,
        cast(judged.is_document_share_kept as boolean) as is_document_share_kept,
        cast(judged.contract_billed_amount as decimal(18, 2)) as contract_billed_amount_document,
        cast(judged.contract_retention_amount as decimal(18, 2))
            as contract_retention_amount_document,
        cast(judged.contract_difference_amount as decimal(18, 2))
            as contract_share_difference_document,
        cast(judged.is_contract_share_kept as boolean) as is_contract_share_kept,
        cast(customer.is_intragroup as boolean) as is_intragroup,
        cast(judged.is_unconverted as boolean) as is_unconverted,
        cast(judged._load_id as bigint) as _load_id,
        cast(judged._row as bigint) as _row
    from judged
    inner join {{ ref('dim_customer') }} as customer
        on
            judged.company_code = customer.company_code
            and judged.customer_id = customer.customer_id

)

select * from final
