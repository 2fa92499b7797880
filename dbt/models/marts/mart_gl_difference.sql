with

broken as (

    select *
    from {{ ref('mart_gl_tie_out') }}
    where difference <> 0

),

class_role as (

    select * from (values
        ('trade', 'trade_control'), ('late_interest', 'trade_control'), ('other', 'trade_control'),
        ('bill', 'bill_control'), ('bill_transferred', 'bill_control'),
        ('contract_asset', 'contract_asset'), ('unbilled', 'unbilled')
    ) as mapping (receivable_class, account_role)

),

late as (

    select
        broken.company_code, broken.account_role, broken.balance_date, broken.currency,
        'posted after the balance was extracted' as cause,
        movement.open_item_id,
        movement.customer_id,
        movement.movement_kind,
        movement.effective_date,
        movement.amount_functional as amount,
        movement._load_id,
        movement._row
    from broken
    inner join class_role
        on broken.account_role = class_role.account_role
    inner join {{ ref('fct_receivable_movement') }} as movement
        on
            broken.company_code = movement.company_code
            and class_role.receivable_class = movement.receivable_class
            and movement.known_to = {{ end_of_time() }}
            and movement.known_from > broken.gl_known_from
            and movement.effective_date <= broken.balance_date

),

-- One document of exactly the missing amount is the first thing an accountant looks for.
same_amount as (

    select
        broken.company_code, broken.account_role, broken.balance_date, broken.currency,
        'a document of exactly this amount' as cause,
        movement.open_item_id,
        movement.customer_id,
        movement.movement_kind,
        movement.effective_date,
        movement.amount_functional as amount,
        movement._load_id,
        movement._row
    from broken
    inner join class_role
        on broken.account_role = class_role.account_role
    inner join {{ ref('fct_receivable_movement') }} as movement
        on
            broken.company_code = movement.company_code
            and class_role.receivable_class = movement.receivable_class
            and movement.known_to = {{ end_of_time() }}
            and abs(movement.amount_functional) = abs(broken.difference)
            and movement.movement_kind in ('billed', 'credit_note', 'cash', 'refund', 'write_off', 'discount')
            and movement.counterpart_open_item_id is null
            and movement.effective_date >= {{ add_days('broken.balance_date', -31) }}
            and movement.effective_date <= {{ add_days('broken.balance_date', 31) }}

),

rejected as (

    select
        broken.company_code, broken.account_role, broken.balance_date, broken.currency,
        'rejected at the front door' as cause,
        cast(null as {{ dbt.type_string() }}) as open_item_id,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        rejected_row.entity as movement_kind,
        cast(null as date) as effective_date,
        rejected_row.amount,
        rejected_row.load_id as _load_id,
        rejected_row.row as _row
    from broken
    inner join {{ source('landing', 'rejected_row') }} as rejected_row
        on broken.company_code = rejected_row.company_code
    where broken.account_role = 'trade_control' and rejected_row.entity in ('document', 'receipt')

),

listed as (

    select * from late
    union all
    select * from same_amount
    union all
    select * from rejected

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(account_role as {{ dbt.type_string() }}) as account_role,
        cast(balance_date as date) as balance_date,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(cause as {{ dbt.type_string() }}) as cause,
        cast(open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(movement_kind as {{ dbt.type_string() }}) as movement_kind,
        cast(effective_date as date) as effective_date,
        cast(amount as decimal(18, 2)) as amount,
        cast(_load_id as bigint) as _load_id,
        cast(_row as bigint) as _row
    from listed

)

select * from final
