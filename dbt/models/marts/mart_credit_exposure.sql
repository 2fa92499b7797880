{%- set components = [
    'trade_debit', 'overdue', 'unbilled', 'bill_held', 'bill_transferred', 'unapplied_cash',
    'open_credit', 'credit_surplus', 'contract_asset', 'late_interest', 'exposure', 'insured_cover'
] -%}
with

struck as (

    select *
    from {{ ref('int_exposure__struck') }}
    where period_end = {{ as_of() }}

),

summed as (

    select
        pooled.scope,
        pooled.pool_company_code as company_code,
        pooled.subject_id,
        count(*) as member_count,
        {% for component in components -%}
        cast(coalesce(sum(struck.{{ component }}), 0) as decimal(18, 2)) as {{ component }},
        {% endfor -%}
        -- NULL where one of the amounts had no rate then
        case when count(struck.exposure) = count(struck.exposure_at_previous_rate)
            then coalesce(sum(struck.exposure_at_previous_rate), 0) end
            as exposure_at_previous_rate,
        coalesce(sum(struck.unconverted_count), 0) as unconverted_count
    from {{ ref('int_exposure__pooled') }} as pooled
    left join struck
        on
            pooled.company_code = struck.company_code
            and pooled.customer_id = struck.customer_id
    group by pooled.scope, pooled.pool_company_code, pooled.subject_id

),

limit_in_force as (

    select
        scope,
        company_code,
        subject_id,
        sum(case when limit_kind = 'permanent' then limit_reporting end) as permanent_limit,
        sum(case when limit_kind = 'temporary' then limit_reporting end) as temporary_limit,
        case when count(*) = count(limit_reporting) then sum(limit_reporting) end as credit_limit,
        case when count(*) = count(limit_at_previous_rate) then sum(limit_at_previous_rate) end
            as limit_at_previous_rate,
        sum(case when limit_reporting is null then 1 else 0 end) as unconverted_count
    from {{ ref('int_credit_limit__bound') }}
    where effective_from <= {{ as_of() }} and effective_to > {{ as_of() }}
    group by scope, company_code, subject_id

),

history as (

    select *
    from {{ ref('int_exposure__running') }}
    where effective_from <= {{ as_of() }} and effective_to > {{ as_of() }}

),

judged as (

    select
        summed.*,
        limit_in_force.permanent_limit,
        limit_in_force.temporary_limit,
        limit_in_force.credit_limit,
        limit_in_force.limit_at_previous_rate,
        limit_in_force.scope is not null as has_limit,
        summed.unconverted_count + coalesce(limit_in_force.unconverted_count, 0) > 0
            as is_unconverted,
        history.breached_since
    from summed
    left join limit_in_force
        on
            summed.scope = limit_in_force.scope
            and summed.company_code = limit_in_force.company_code
            and summed.subject_id = limit_in_force.subject_id
    left join history
        on
            summed.scope = history.scope
            and summed.company_code = history.company_code
            and summed.subject_id = history.subject_id

),

measured as (

    select
        *,
        case when not is_unconverted then credit_limit - exposure end as own_headroom,
        -- strictly above; exactly at the limit is no breach (accounting C9)
        case when not is_unconverted then coalesce(exposure > credit_limit, false) end
            as is_breached
    from judged

),

-- What the pools that a customer belongs to leave it (accounting C10): the least of them binds.
shared as (

    select
        pooled.company_code,
        pooled.customer_id,
        min(measured.own_headroom) as group_headroom,
        max(case when measured.is_unconverted then 1 else 0 end) = 1 as is_unconverted
    from {{ ref('int_exposure__pooled') }} as pooled
    inner join measured
        on
            pooled.scope = measured.scope
            and pooled.pool_company_code = measured.company_code
            and pooled.subject_id = measured.subject_id
    where pooled.scope <> 'customer' and measured.has_limit
    group by pooled.company_code, pooled.customer_id

),

subject as (

    select
        node.customer_key,
        node.customer_id,
        node.group_id,
        node.is_intragroup,
        coalesce(customer.name, node.customer_id) as name,
        customer.related_party,
        customer.status
    from {{ ref('int_customer__grouped') }} as node
    left join {{ ref('dim_customer') }} as customer
        on node.company_code = customer.company_code and node.customer_id = customer.customer_id

),

described as (

    select
        measured.*,
        subject.customer_id,
        subject.group_id,
        subject.name,
        case when measured.scope = 'customer' then subject.related_party end as related_party,
        case when measured.scope = 'customer' then subject.status end as status,
        measured.scope = 'customer' and subject.is_intragroup as is_intragroup,
        shared.group_headroom,
        shared.company_code is not null as has_shared_limit,
        -- the lesser of two of which one may be missing
        case
            when coalesce(shared.is_unconverted, false) then null
            when shared.group_headroom < measured.own_headroom
                or not measured.has_limit then shared.group_headroom
            else measured.own_headroom
        end as headroom
    from measured
    inner join subject
        on measured.subject_id = subject.customer_key
    left join shared
        on
            measured.scope = 'customer'
            and measured.company_code = shared.company_code
            and subject.customer_id = shared.customer_id

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(described.scope as {{ dbt.type_string() }}) as scope,
        cast(described.company_code as {{ dbt.type_string() }}) as company_code,
        cast(described.subject_id as {{ dbt.type_string() }}) as subject_id,
        cast(described.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(described.name as {{ dbt.type_string() }}) as name,
        cast(described.group_id as {{ dbt.type_string() }}) as group_id,
        cast(described.member_count as int) as member_count,
        cast(described.is_intragroup as boolean) as is_intragroup,
        cast(described.related_party as {{ dbt.type_string() }}) as related_party,
        cast(described.status as {{ dbt.type_string() }}) as status,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        {% for component in components -%}
        cast(described.{{ component }} as decimal(18, 2)) as {{ component }}_reporting,
        {% endfor -%}
        cast(described.exposure - described.insured_cover as decimal(18, 2))
            as uncovered_exposure_reporting,
        cast(described.permanent_limit as decimal(18, 2)) as permanent_limit_reporting,
        cast(described.temporary_limit as decimal(18, 2)) as temporary_limit_reporting,
        cast(described.credit_limit as decimal(18, 2)) as limit_reporting,
        cast(case when not described.is_unconverted then
            {{ ratio_of('described.exposure', 'described.credit_limit') }} end
            as decimal(28, 6)) as utilisation_rate,
        cast(case
            when described.is_unconverted then 'missing_rate'
            when not described.has_limit and described.has_shared_limit then 'shared_limit_only'
            when not described.has_limit then 'no_limit'
            when described.credit_limit = 0 then 'cash_only'
        end as {{ dbt.type_string() }}) as reason_when_null,
        cast(described.own_headroom as decimal(18, 2)) as own_headroom_reporting,
        cast(described.group_headroom as decimal(18, 2)) as group_headroom_reporting,
        cast(described.headroom as decimal(18, 2)) as headroom_reporting,
        cast(described.is_breached as boolean) as is_breached,
        cast(case when described.is_breached then described.exposure - described.credit_limit
            when not described.is_breached then 0 end as decimal(18, 2))
            as excess_reporting,
        cast(described.exposure_at_previous_rate as decimal(18, 2))
            as exposure_at_previous_rate_reporting,
        cast(described.limit_at_previous_rate as decimal(18, 2))
            as limit_at_previous_rate_reporting,
        cast(coalesce(
            described.is_breached
            and described.exposure_at_previous_rate <= described.limit_at_previous_rate,
            false
        ) as boolean) as is_breached_by_rate_only,
        cast(case when described.is_breached then described.breached_since end as date)
            as breached_since,
        cast(case when described.is_breached then
            {{ days_between('described.breached_since', as_of()) }} end as int)
            as days_in_breach,
        cast(case
            when described.status in ('hold', 'legal') then 'hold'
            when described.is_unconverted then 'unknown'
            when not described.has_limit then 'no_limit'
            when described.is_breached then 'over_limit'
            when described.credit_limit > 0
                and described.exposure >= {{ money_times_rate(
                    'described.credit_limit', 'policy.near_limit_rate') }}
                then 'near_limit'
            else 'within_limit'
        end as {{ dbt.type_string() }}) as credit_state,
        -- by the customer's own limit, by one it shares, or by its status
        cast(coalesce(described.status in ('hold', 'legal'), false)
            or coalesce(described.headroom < 0, false) as boolean) as is_blocked,
        cast(described.unconverted_count as bigint) as unconverted_count,
        cast(policy.policy_version as {{ dbt.type_string() }}) as policy_version
    from described
    cross join {{ ref('int_credit_limit__policy') }} as policy

)

select * from final
