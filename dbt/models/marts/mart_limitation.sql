with

claim as (

    select *
    from {{ ref('int_limitation__claim') }}
    where is_standing

),

rate as (

    select *
    from {{ ref('int_fx_rate__closing') }}
    where day = {{ as_of() }}

),

dated as (

    select
        claim.*,
        claim.open_amount_document + claim.written_off_amount_document as claim_amount_document,
        coalesce(claim.decided_date, restarted.deadline_date) as deadline_date,
        coalesce(claim.decided_date, restarted.latest_deadline_date) as latest_deadline_date,
        case when claim.decided_date is null then restarted.restart_date end as restart_date,
        case when claim.decided_date is null then restarted.restart_kind end as restart_kind,
        case when claim.decided_date is null then restarted.restart_source end as restart_source,
        case when claim.decided_date is null then restarted.restart_source_id end
            as restart_source_id,
        case when claim.decided_date is null then restarted.restart_load_id end as restart_load_id,
        case when claim.decided_date is null then restarted.restart_row end as restart_row,
        rate.rate_to_reporting
    from claim
    inner join {{ ref('int_limitation__restarted') }} as restarted
        on claim.open_item_id = restarted.open_item_id
    left join rate
        on claim.company_code = rate.company_code and claim.currency = rate.currency

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(item_kind as {{ dbt.type_string() }}) as item_kind,
        cast(document_id as {{ dbt.type_string() }}) as document_id,
        cast(instalment_no as int) as instalment_no,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(due_date as date) as due_date,
        cast(open_amount_document as decimal(18, 2)) as open_amount_document,
        cast(written_off_amount_document as decimal(18, 2)) as written_off_amount_document,
        cast(claim_amount_document as decimal(18, 2)) as claim_amount_document,
        {{ money_times_rate('claim_amount_document', 'rate_to_reporting') }}
            as claim_amount_reporting,
        cast(written_off_amount_document > 0 as boolean) as is_written_off,
        cast(governing_law as {{ dbt.type_string() }}) as governing_law,
        cast(case when decided_date is null then regime else 'manual' end
            as {{ dbt.type_string() }})
            as regime,
        cast({{ add_days('starts_behind', 1) }} as date) as first_day,
        cast(first_deadline_date as date) as first_deadline_date,
        cast(restart_date as date) as last_restart_date,
        cast(restart_kind as {{ dbt.type_string() }}) as last_restart_kind,
        cast(restart_source as {{ dbt.type_string() }}) as last_restart_source,
        cast(restart_source_id as {{ dbt.type_string() }}) as last_restart_source_id,
        cast(restart_load_id as bigint) as last_restart_load_id,
        cast(restart_row as bigint) as last_restart_row,
        cast(deadline_date as date) as deadline_date,
        cast(latest_deadline_date as date) as latest_deadline_date,
        {{ days_between(as_of(), 'deadline_date') }} as days_left,
        cast(
            case
                when deadline_date < {{ as_of() }} then 'expired'
                when fell_due_on >= {{ as_of() }} then 'not_started'
                else 'running'
            end as {{ dbt.type_string() }}
        ) as limitation_state,
        cast(
            case
                when decided_date is not null then null
                when is_provisional then 'law_not_known'
                when is_age_unknown then 'age_unknown'
                when is_due_date_missing then 'due_date_missing'
                when is_country_unknown then 'customer_country_unknown'
                when latest_deadline_date > deadline_date then 'later_date_possible'
            end as {{ dbt.type_string() }}
        ) as uncertainty,
        cast(is_intragroup as boolean) as is_intragroup,
        cast(coalesce(decided_version, policy_version) as {{ dbt.type_string() }})
            as policy_version
    from dated

)

select * from final
