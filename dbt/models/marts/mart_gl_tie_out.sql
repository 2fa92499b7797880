with

gl as (

    select *
    from {{ ref('stg_landing__gl_balance') }}
    where
        not is_deleted
        and known_to = {{ end_of_time() }}
        and balance_date <= {{ as_of() }}
        and account_role in ('trade_control', 'bill_control', 'contract_asset', 'unbilled')

),

-- A full dump confirms every balance it repeats: the ledger said so again at its extraction.
confirmed as (

    select
        source,
        max(known_at) as confirmed_at
    from {{ source('landing', 'load') }}
    where entity = 'gl_balance' and mode = 'full'
    group by source

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
        max(coalesce(confirmed.confirmed_at, gl.known_from)) as gl_known_at
    from gl
    left join {{ ref('int_company') }} as company
        on gl.company_code = company.company_code
    left join confirmed
        on gl._source = confirmed.source
    group by gl.company_code, gl.account_role, gl.balance_date, gl.currency,
        company.functional_currency

),

balance as (

    select
        item.*,
        role.account_role
    from {{ ref('fct_open_item_balance') }} as item
    inner join {{ ref('int_control_account__role') }} as role
        on
            item.company_code = role.company_code
            and item.receivable_class = role.receivable_class
            and item.control_account is not distinct from role.control_account

),

-- The sub-ledger now, and as it was known when the ledger was read: what lies between is timing.
subledger as (

    select
        control.company_code,
        control.account_role,
        control.balance_date,
        control.currency,
        {%- for moment, condition in [
            ('now', 'balance.known_to = ' ~ end_of_time()),
            (
                'then',
                'balance.known_from <= control.gl_known_at'
                ~ ' and balance.known_to > control.gl_known_at'
            )
        ] %}
        sum(
            case
                when not ({{ condition }}) then 0
                when control.is_functional then balance.open_amount_functional
                when control.currency = balance.currency then balance.open_amount_document
                else 0
            end
        ) as amount_{{ moment }},
        {%- endfor %}
        sum(case when control.is_functional and balance.is_unconverted then 1 else 0 end)
            as unconverted_count
    from control
    inner join balance
        on
            control.company_code = balance.company_code
            and control.account_role = balance.account_role
            and balance.effective_from <= control.balance_date
            and balance.effective_to > control.balance_date
            and (
                balance.known_to = {{ end_of_time() }}
                or (balance.known_from <= control.gl_known_at
                    and balance.known_to > control.gl_known_at)
            )
    group by control.company_code, control.account_role, control.balance_date, control.currency

),

final as (

    select
        cast(control.company_code as {{ dbt.type_string() }}) as company_code,
        cast(control.account_role as {{ dbt.type_string() }}) as account_role,
        cast(control.balance_date as date) as balance_date,
        cast(control.currency as {{ dbt.type_string() }}) as currency,
        cast(control.gl_balance as decimal(18, 2)) as gl_balance,
        cast(coalesce(subledger.amount_now, 0) as decimal(18, 2)) as subledger_balance,
        cast(coalesce(subledger.amount_now, 0) - control.gl_balance as decimal(18, 2))
            as difference,
        cast(coalesce(subledger.amount_now, 0) - coalesce(subledger.amount_then, 0)
            as decimal(18, 2))
            as late_posting_amount,
        cast(coalesce(subledger.amount_then, 0) - control.gl_balance as decimal(18, 2))
            as unexplained_difference,
        cast(coalesce(subledger.unconverted_count, 0) as bigint) as unconverted_count,
        cast(control.account_count as bigint) as account_count,
        cast(control.gl_known_at as timestamp) as gl_known_at
    from control
    left join subledger
        on
            control.company_code = subledger.company_code
            and control.account_role = subledger.account_role
            and control.balance_date = subledger.balance_date
            and control.currency = subledger.currency

)

select * from final
order by company_code, account_role, balance_date
