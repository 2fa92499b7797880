with

bill as (

    select
        *,
        held_amount_reporting + passed_on_amount_reporting as open_amount_reporting,
        {{ week_start('maturity_date') }} as maturity_week
    from {{ ref('mart_bill') }}
    where held_amount_document + passed_on_amount_document > 0

),

acceptor as (

    select
        company_code,
        acceptor_kind,
        coalesce(acceptor, '(unknown)') as acceptor,
        count(*) as bill_count,
        sum(held_amount_reporting) as held_amount,
        sum(passed_on_amount_reporting) as passed_on_amount,
        sum(open_amount_reporting) as open_amount,
        sum(
            case when matured_without_outcome_amount_document > 0 then held_amount_reporting
                else 0 end
        ) as matured_amount,
        sum(case when is_unconverted then 1 else 0 end) as unconverted_count,
        min(maturity_date) as first_maturity_date
    from bill
    group by company_code, acceptor_kind, coalesce(acceptor, '(unknown)')

),

weekly as (

    select
        company_code,
        acceptor_kind,
        coalesce(acceptor, '(unknown)') as acceptor,
        maturity_week,
        sum(open_amount_reporting) as amount
    from bill
    where maturity_date >= {{ as_of() }}
    group by company_code, acceptor_kind, coalesce(acceptor, '(unknown)'), maturity_week
    qualify row_number() over (
        partition by company_code, acceptor_kind, coalesce(acceptor, '(unknown)')
        order by sum(open_amount_reporting) desc nulls last, maturity_week
    ) = 1

),

shared as (

    select
        *,
        sum(open_amount) over company as company_amount,
        sum(unconverted_count) over company as company_unconverted_count
    from acceptor
    window company as (partition by company_code)

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(shared.company_code as {{ dbt.type_string() }}) as company_code,
        cast(shared.acceptor_kind as {{ dbt.type_string() }}) as acceptor_kind,
        cast(shared.acceptor as {{ dbt.type_string() }}) as acceptor,
        cast(shared.acceptor_kind = 'major_bank' as boolean) as is_major_bank,
        cast(shared.bill_count as bigint) as bill_count,
        cast(shared.held_amount as decimal(18, 2)) as held_amount_reporting,
        cast(shared.matured_amount as decimal(18, 2)) as matured_without_outcome_amount_reporting,
        cast(shared.passed_on_amount as decimal(18, 2)) as passed_on_amount_reporting,
        cast(shared.open_amount as decimal(18, 2)) as open_amount_reporting,
        case when shared.company_unconverted_count = 0
            then {{ ratio_of('shared.open_amount', 'shared.company_amount') }}
        end as open_share,
        cast(
            case when shared.company_unconverted_count > 0 then 'missing_rate' end
            as {{ dbt.type_string() }}
        ) as reason_when_null,
        cast(shared.first_maturity_date as date) as first_maturity_date,
        cast(weekly.maturity_week as date) as largest_maturity_week,
        cast(weekly.amount as decimal(18, 2)) as largest_maturity_week_amount_reporting,
        cast(shared.unconverted_count as bigint) as unconverted_count
    from shared
    left join weekly
        on
            shared.company_code = weekly.company_code
            and shared.acceptor_kind = weekly.acceptor_kind
            and shared.acceptor = weekly.acceptor

)

select * from final
