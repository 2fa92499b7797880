{{ config(materialized='table') }}

{#- Which control total an item belongs to. A conditional retention is a contract asset whatever
    account its invoice names. Else the account named decides, where the ledger or arrears.yml gives
    it a role; an account that has none (interest on other receivables, say) belongs to no control
    total here. Without an account the class decides. -#}
with

account as (

    select company_code, account, min(account_role) as account_role
    from (
        select distinct company_code, account, account_role
        from {{ ref('stg_landing__gl_balance') }}
        where not is_deleted
        union distinct
        select company_code, account, account_role
        from {{ source('landing', 'control_account') }}
    ) as given
    group by company_code, account

),

used as (

    select distinct company_code, receivable_class, control_account
    from {{ ref('fct_open_item_balance') }}

),

final as (

    select
        used.company_code,
        used.receivable_class,
        used.control_account,
        case
            when used.receivable_class = 'contract_asset' then 'contract_asset'
            when account.account_role is not null then account.account_role
            when used.receivable_class = 'unbilled' then 'unbilled'
            when used.receivable_class in ('bill', 'bill_transferred') then 'bill_control'
            else 'trade_control'
        end as account_role
    from used
    left join account
        on used.company_code = account.company_code and used.control_account = account.account
    where
        used.control_account is null
        or account.account is not null
        or used.receivable_class = 'contract_asset'
        -- no account of the company is known at all: the name says nothing
        or not exists (select 1 from account
            as any_account where any_account.company_code = used.company_code)

)

select * from final
