with

warning as (

    select
        party_id,
        coalesce(collector, '(none)') as collector,
        company_code,
        {{ week_start('first_seen_on') }} as week_start,
        worst_severity = 'severe' as is_severe
    from {{ ref('mart_risk_warning') }}
    where worst_severity <> 'notice'

),

counted as (

    select
        week_start,
        collector,
        count(*) as new_count,
        sum(case when is_severe then 1 else 0 end) as new_severe_count,
        count(distinct party_id) as new_party_count
    from warning
    group by week_start, collector
    union all
    select
        week_start,
        '*' as collector,
        count(*) as new_count,
        sum(case when is_severe then 1 else 0 end) as new_severe_count,
        count(distinct party_id) as new_party_count
    from warning
    group by week_start
    union all
    -- a week without a new one has a list too
    select
        {{ week_start(as_of()) }} as week_start,
        '*' as collector,
        0 as new_count,
        0 as new_severe_count,
        0 as new_party_count
    from (
        select count(*) as week_count
        from warning
        where week_start = {{ week_start(as_of()) }}
    ) as this_week
    where week_count = 0

),

-- of the country in which most companies are
country as (

    select coalesce(country, '(none)') as country
    from {{ ref('int_company') }}
    group by country
    qualify row_number() over (order by count(*) desc, country) = 1

),

working as (

    select
        {{ week_start('calendar.day') }} as week_start,
        sum(case when calendar.is_business_day then 1 else 0 end) as business_day_count
    from {{ ref('int_business_day__numbered') }} as calendar
    inner join country
        on calendar.country = country.country
    where calendar.day <= {{ as_of() }}
    group by {{ week_start('calendar.day') }}

),

-- who owes something, or was billed in the last year
active as (

    select distinct party_id
    from (
        select party_id
        from {{ ref('int_warning__owed') }}
        where
            effective_from <= {{ as_of() }}
            and effective_to > {{ as_of() }}
            and gross_receivable > 0
        union distinct
        select customer.party_id
        from {{ ref('fct_open_item') }} as item
        inner join {{ ref('dim_customer') }} as customer
            on
                item.company_code = customer.company_code
                and item.customer_id = customer.customer_id
        where
            item.is_current
            and item.item_kind in ('invoice', 'debit_note')
            and item.document_date > {{ add_days(as_of(), -365) }}
            and item.document_date <= {{ as_of() }}
            and not customer.is_intragroup
    ) as either

),

now_listed as (

    select
        count(distinct active.party_id) as active_count,
        count(distinct watchlist.party_id) as listed_count,
        count(distinct case when watchlist.severity = 'severe' then watchlist.party_id end)
            as severe_count
    from active
    left join {{ ref('mart_watchlist') }} as watchlist
        on active.party_id = watchlist.party_id

),

shared as (

    select
        counted.*,
        working.business_day_count,
        {{ ratio_of('counted.new_count', 'working.business_day_count') }} as new_per_business_day,
        counted.collector = '*' and counted.week_start = {{ week_start(as_of()) }} as is_now
    from counted
    left join working
        on counted.week_start = working.week_start

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(shared.week_start as date) as week_start,
        cast(shared.collector as {{ dbt.type_string() }}) as collector,
        cast(shared.new_count as bigint) as new_warning_count,
        cast(shared.new_severe_count as bigint) as new_severe_count,
        cast(shared.new_party_count as bigint) as new_customer_count,
        cast(shared.business_day_count as int) as business_day_count,
        cast(shared.new_per_business_day as decimal(28, 6)) as new_per_business_day,
        cast(shared.collector <> '*'
            and shared.new_per_business_day > {{ policy_value('guard_new_per_day') }} as boolean)
            as is_above_guard,
        cast(case when shared.is_now then now_listed.active_count end as bigint)
            as active_customer_count,
        cast(case when shared.is_now then now_listed.listed_count end as bigint)
            as listed_customer_count,
        cast(case when shared.is_now then now_listed.severe_count end as bigint)
            as severe_customer_count,
        cast(case when shared.is_now then
            {{ ratio_of('now_listed.listed_count', 'now_listed.active_count') }}
            > {{ policy_value('guard_listed_share') }} end as boolean) as is_list_above_guard,
        cast(case when shared.is_now then
            {{ ratio_of('now_listed.severe_count', 'now_listed.active_count') }}
            > {{ policy_value('guard_severe_share') }} end as boolean) as is_severe_above_guard
    from shared
    cross join now_listed

)

select * from final
