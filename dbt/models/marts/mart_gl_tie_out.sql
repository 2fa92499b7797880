with

gl as (

    select
        company_code,
        account,
        account_role,
        balance_date,
        currency,
        balance,
        known_from,
        _load_id,
        _row
    from {{ ref('stg_landing__gl_balance') }}
    where
        not is_deleted
        and known_to = {{ end_of_time() }}
        and balance_date <= {{ as_of() }}
        and account_role in ('trade_control', 'bill_control', 'contract_asset', 'unbilled')

),

company as (

    select
        company_code,
        functional_currency
    from {{ ref('int_company') }}

),

-- Compared per role: several accounts of one role are one control total.
control as (

    select
        gl.company_code,
        gl.account_role,
        gl.balance_date,
        gl.currency,
        gl.currency = company.functional_currency as is_functional,
        sum(gl.balance) as gl_balance,
        count(*) as account_count,
        max(gl.known_from) as known_from
    from gl
    left join company
        on gl.company_code = company.company_code
    group by gl.company_code, gl.account_role, gl.balance_date, gl.currency, company.functional_currency

),

wanted as (

    select distinct
        company_code,
        balance_date
    from control

),

subledger as (

    select
        wanted.company_code,
        wanted.balance_date,
        case balance.receivable_class
            when 'bill' then 'bill_control'
            when 'bill_transferred' then 'bill_control'
            when 'contract_asset' then 'contract_asset'
            when 'unbilled' then 'unbilled'
            else 'trade_control'
        end as account_role,
        balance.currency,
        sum(balance.open_amount_document) as amount_document,
        sum(balance.open_amount_functional) as amount_functional,
        sum(case when balance.is_unconverted then 1 else 0 end) as unconverted_count
    from wanted
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            wanted.company_code = balance.company_code
            and balance.known_to = {{ end_of_time() }}
            and balance.effective_from <= wanted.balance_date
            and balance.effective_to > wanted.balance_date
    group by
        wanted.company_code, wanted.balance_date,
        case balance.receivable_class
            when 'bill' then 'bill_control'
            when 'bill_transferred' then 'bill_control'
            when 'contract_asset' then 'contract_asset'
            when 'unbilled' then 'unbilled'
            else 'trade_control'
        end,
        balance.currency

),

compared as (

    select
        control.company_code,
        control.account_role,
        control.balance_date,
        control.currency,
        control.gl_balance,
        control.account_count,
        control.known_from,
        coalesce(sum(
            case
                when control.is_functional then subledger.amount_functional
                when control.currency = subledger.currency then subledger.amount_document
            end
        ), 0) as subledger_balance,
        coalesce(sum(case when control.is_functional then subledger.unconverted_count end), 0) as unconverted_count
    from control
    left join subledger
        on
            control.company_code = subledger.company_code
            and control.balance_date = subledger.balance_date
            and control.account_role = subledger.account_role
    group by
        control.company_code, control.account_role, control.balance_date, control.currency, control.gl_balance,
        control.account_count, control.known_from

),

-- Cause "late": movements dated on or before the day that became known only after the balance was extracted.
late as (

    select
        compared.company_code,
        compared.account_role,
        compared.balance_date,
        compared.currency,
        sum(movement.amount_functional) as amount_functional,
        count(distinct movement.open_item_id) as item_count
    from compared
    inner join {{ ref('fct_receivable_movement') }} as movement
        on
            compared.company_code = movement.company_code
            and movement.known_to = {{ end_of_time() }}
            and movement.known_from > compared.known_from
            and movement.effective_date <= compared.balance_date
            and case movement.receivable_class
                when 'bill' then 'bill_control'
                when 'bill_transferred' then 'bill_control'
                when 'contract_asset' then 'contract_asset'
                when 'unbilled' then 'unbilled'
                else 'trade_control'
            end = compared.account_role
    group by compared.company_code, compared.account_role, compared.balance_date, compared.currency

),

-- Cause "rejected": amounts that the front door kept out, valued as they stood, in the ledger's own currency.
rejected as (

    select
        rejected_row.company_code,
        sum(
            case
                when rejected_row.entity = 'document' then rejected_row.amount
                when rejected_row.entity = 'receipt' then -rejected_row.amount
            end
        ) as amount_document,
        count(*) as row_count
    from {{ source('landing', 'rejected_row') }} as rejected_row
    inner join company
        on rejected_row.company_code = company.company_code and rejected_row.currency = company.functional_currency
    where rejected_row.entity in ('document', 'receipt')
    group by rejected_row.company_code

),

final as (

    select
        cast(compared.company_code as {{ dbt.type_string() }}) as company_code,
        cast(compared.account_role as {{ dbt.type_string() }}) as account_role,
        cast(compared.balance_date as date) as balance_date,
        cast(compared.currency as {{ dbt.type_string() }}) as currency,
        cast(compared.gl_balance as decimal(18, 2)) as gl_balance,
        cast(compared.subledger_balance as decimal(18, 2)) as subledger_balance,
        cast(compared.subledger_balance - compared.gl_balance as decimal(18, 2)) as difference,
        cast(coalesce(late.amount_functional, 0) as decimal(18, 2)) as late_posting_amount,
        cast(coalesce(late.item_count, 0) as bigint) as late_posting_item_count,
        cast(
            case when compared.account_role = 'trade_control' then coalesce(rejected.amount_document, 0) else 0 end
            as decimal(18, 2)
        ) as rejected_amount,
        cast(compared.unconverted_count as bigint) as unconverted_count,
        cast(compared.account_count as bigint) as account_count,
        cast(compared.known_from as timestamp) as gl_known_from
    from compared
    left join late
        on
            compared.company_code = late.company_code
            and compared.account_role = late.account_role
            and compared.balance_date = late.balance_date
            and compared.currency = late.currency
    left join rejected
        on compared.company_code = rejected.company_code

)

select * from final
order by company_code, account_role, balance_date
