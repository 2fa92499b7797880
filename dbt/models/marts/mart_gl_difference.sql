with

broken as (

    select *
    from {{ ref('mart_gl_tie_out') }}
    where difference <> 0

),

-- Only what does not tie is searched; on most days nothing is.
broken_role as (

    select distinct
        role.company_code,
        role.receivable_class,
        role.control_account,
        role.account_role
    from {{ ref('int_control_account__role') }} as role
    inner join broken
        on role.company_code = broken.company_code and role.account_role = broken.account_role

),

item_role as (

    select
        item.open_item_id,
        role.account_role
    from {{ ref('fct_open_item') }} as item
    inner join broken_role as role
        on
            item.company_code = role.company_code
            and item.receivable_class = role.receivable_class
            and item.control_account is not distinct from role.control_account

),

movement as (

    select
        movement.*,
        item_role.account_role
    from {{ ref('fct_receivable_movement') }} as movement
    inner join item_role
        on movement.open_item_id = item_role.open_item_id

),

-- What became known, or was withdrawn, since the ledger was read.
late as (

    select
        broken.company_code, broken.account_role, broken.balance_date, broken.currency,
        case when movement.known_to = {{ end_of_time() }}
            then 'posted after the balance was extracted'
            else 'withdrawn after the balance was extracted' end as cause,
        movement.open_item_id,
        movement.customer_id,
        movement.movement_kind,
        movement.effective_date,
        case when movement.known_to = {{ end_of_time() }} then movement.amount_functional
            else -movement.amount_functional end as amount,
        movement._load_id,
        movement._row
    from broken
    inner join movement
        on
            broken.company_code = movement.company_code
            and broken.account_role = movement.account_role
            and movement.effective_date <= broken.balance_date
            and (
                (movement.known_to = {{ end_of_time() }}
                    and movement.known_from > broken.gl_known_at)
                or (
                    movement.known_to < {{ end_of_time() }}
                    and movement.known_from <= broken.gl_known_at
                    and movement.known_to > broken.gl_known_at
                )
            )
    where broken.late_posting_amount <> 0

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
    inner join movement
        on
            broken.company_code = movement.company_code
            and broken.account_role = movement.account_role
            and movement.known_to = {{ end_of_time() }}
            and abs(movement.amount_functional) = abs(broken.unexplained_difference)
            and movement.allocation_id is null
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
    where
        broken.unexplained_difference <> 0
        and broken.account_role = 'trade_control'
        and rejected_row.entity in ('document', 'receipt')

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
