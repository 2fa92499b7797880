{{ config(materialized='table') }}

{#- What each component of the scorecard says of a party at each evaluation, where it has data: a
    `value`, for some a count beside it or a state in words, from which row it comes and of which
    day it is. Where there is none, the reason. Of several outside events there is a row each. -#}
with

evaluated as (

    select * from {{ ref('int_rating__evaluated') }}

),

component as (

    select
        party_id,
        month_no,
        'payment_history' as component,
        cast(null as {{ dbt.type_string() }}) as state,
        late_days_year as value,
        cast(null as bigint) as value_count,
        case when late_days_year is null then late_days_year_reason end as reason_missing,
        'mart_payment_behaviour' as source_model,
        behaviour_company_code || '|' || behaviour_customer_id || '|12_months' as source_key,
        case when has_overdue_item then day else last_paid_on end as data_on
    from evaluated
    union all
    select
        party_id,
        month_no,
        'current_overdue' as component,
        case when overdue_age_days is null and has_owed then 'none' end as state,
        overdue_age_days as value,
        null as value_count,
        case when not has_owed then 'never_owed' end as reason_missing,
        'mart_net_overdue_history' as source_model,
        party_id as source_key,
        case when has_owed then day end as data_on
    from evaluated
    union all
    select
        party_id,
        month_no,
        'trend' as component,
        null as state,
        trend_days as value,
        null as value_count,
        case when trend_days is null then coalesce(trend_reason, 'nothing_settled') end
            as reason_missing,
        'mart_payment_behaviour' as source_model,
        behaviour_company_code || '|' || behaviour_customer_id || '|90_days' as source_key,
        case when has_overdue_item then day else last_paid_on end as data_on
    from evaluated
    union all
    select
        party_id,
        month_no,
        'utilisation' as component,
        null as state,
        utilisation as value,
        null as value_count,
        case when utilisation is null then 'no_limit' end as reason_missing,
        'mart_credit_exposure_history' as source_model,
        party_id as source_key,
        case when utilisation is not null then day end as data_on
    from evaluated
    union all
    select
        party_id,
        month_no,
        'accounts' as component,
        case when equity < 0 then 'negative_equity' end as state,
        z_score as value,
        null as value_count,
        case
            when accounts_period_end is null then 'no_accounts'
            when z_score is null and coalesce(equity >= 0, true) then 'accounts_incomplete'
        end as reason_missing,
        'stg_landing__financial_statement' as source_model,
        party_id || '|' || cast(accounts_period_end as {{ dbt.type_string() }}) as source_key,
        accounts_period_end as data_on
    from evaluated
    union all
    select
        evaluated.party_id,
        evaluated.month_no,
        'outside' as component,
        case
            when told.state is not null then told.state
            when evaluated.is_informed then 'nothing_adverse'
        end as state,
        null as value,
        null as value_count,
        case
            when told.state is null and not coalesce(evaluated.is_informed, false)
                then 'nobody_tells'
        end as reason_missing,
        'stg_landing__credit_event' as source_model,
        coalesce(told.source, evaluated.party_id) as source_key,
        coalesce(told.event_date, case when evaluated.is_informed then evaluated.day end) as data_on
    from evaluated
    left join {{ ref('int_rating__told') }} as told
        on evaluated.party_id = told.party_id and evaluated.month_no = told.month_no
    union all
    -- what was paid before the history begins is not known (int_behaviour__party)
    select
        party_id,
        month_no,
        'relationship' as component,
        null as state,
        case
            when paid_document_count is not null
                then {{ calendar_months_between('first_billed_on', 'day') }}
                - case
                    when {{ add_months(
                        'first_billed_on', calendar_months_between('first_billed_on', 'day')
                    ) }} > day then 1
                    else 0
                end
        end as value,
        paid_document_count as value_count,
        case
            when first_billed_on is null then 'never_billed'
            when paid_document_count is null then 'history_too_short'
        end as reason_missing,
        'mart_payment_behaviour' as source_model,
        behaviour_company_code || '|' || behaviour_customer_id || '|all' as source_key,
        case when paid_document_count is not null then day end as data_on
    from evaluated

),

final as (

    select
        party_id,
        month_no,
        component,
        state,
        cast(value as decimal(18, 6)) as value,
        cast(value_count as bigint) as value_count,
        reason_missing,
        source_model,
        source_key,
        data_on
    from component

)

select * from final
