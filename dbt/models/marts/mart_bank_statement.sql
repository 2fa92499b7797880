{#- Opening + booked lines = closing, and the opening is the closing of the statement before. The lines are
    counted as the statement itself holds them where its reader knows: those that a second statement
    repeats land once, with the first. -#}
with

statement as (

    {{ current_version('bank_statement') }}

),

landed_line as (

    select
        company_code,
        account,
        statement_id,
        currency,
        count(*) as line_count,
        sum(amount) as line_total
    from {{ ref('stg_landing__bank_transaction') }}
    where not is_deleted and known_to = {{ end_of_time() }}
    group by company_code, account, statement_id, currency

),

counted as (

    select
        statement.*,
        coalesce(statement.line_count, landed_line.line_count, 0) as lines,
        case
            when statement.line_count is null then coalesce(landed_line.line_total, 0)
            else statement.line_total
        end as moved,
        lag(statement.closing_balance) over along as previous_closing_balance,
        lag(statement.closing_date) over along as previous_closing_date,
        lag(statement.statement_id) over along as previous_statement_id
    from statement
    left join landed_line
        on
            statement.company_code = landed_line.company_code
            and statement.account = landed_line.account
            and statement.statement_id = landed_line.statement_id
            and statement.currency = landed_line.currency
    window along as (
        partition by statement.company_code, statement.account, statement.currency
        order by
            -- of two that end on one day the longer one comes behind: it repeats what the other says
            coalesce(statement.closing_date, statement.opening_date), statement.opening_date desc,
            statement.statement_id
    )

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(account as {{ dbt.type_string() }}) as account,
        cast(statement_id as {{ dbt.type_string() }}) as statement_id,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(opening_date as date) as opening_date,
        cast(opening_balance as decimal(18, 2)) as opening_balance_document,
        cast(lines as bigint) as line_count,
        cast(moved as decimal(18, 2)) as line_total_document,
        cast(pending_count as int) as pending_count,
        cast(closing_date as date) as closing_date,
        cast(closing_balance as decimal(18, 2)) as closing_balance_document,
        cast(closing_balance - opening_balance - moved as decimal(18, 2)) as difference_document,
        cast(
            case
                when opening_balance is null or closing_balance is null then 'no_balances'
                when moved is null then 'unreadable_line'
                when opening_balance + moved = closing_balance then 'proved'
                else 'not_proved'
            end as {{ dbt.type_string() }}
        ) as proof,
        cast(previous_statement_id as {{ dbt.type_string() }}) as previous_statement_id,
        cast(opening_balance - previous_closing_balance as decimal(18, 2)) as gap_document,
        cast(
            case
                when previous_statement_id is null then 'first'
                when opening_balance is null or previous_closing_balance is null then 'no_balances'
                when opening_balance = previous_closing_balance then 'continues'
                when opening_date < previous_closing_date then 'overlaps'
                else 'gap'
            end as {{ dbt.type_string() }}
        ) as continuity,
        {{ provenance() }}
    from counted

)

select * from final
