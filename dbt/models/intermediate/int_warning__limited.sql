{{ config(materialized='table') }}

{#- Exposure against the limit of each pool that has one, on the days on which either or the status
    of its customer changes. As believed now, at the rate of the as-of date (DECISIONS 32). -#}
with

running as (

    select
        scope || '|' || company_code || '|' || subject_id as subject_key,
        scope,
        subject_id,
        effective_from,
        effective_to,
        exposure,
        limit_reporting,
        unconverted_count,
        is_breached,
        breached_since
    from {{ ref('int_exposure__running') }}
    where
        effective_from <= {{ as_of() }}
        -- intragroup customers have warnings of the families D and P only
        and (scope <> 'customer' or subject_id not in (
            select company_code || '|' || customer_id
            from {{ ref('dim_customer') }}
            where is_intragroup
        ))

),

standing as (

    select
        customer.company_code || '|' || customer.customer_id as customer_key,
        state.effective_from,
        state.effective_to,
        state.status
    from {{ ref('dim_customer') }} as customer
    inner join {{ ref('int_warning__customer_state') }} as state
        on customer.party_id = state.party_id
    where not customer.is_intragroup

),

asked as (

    select distinct
        running.subject_key,
        standing.effective_from as day
    from running
    inner join standing
        on
            running.scope = 'customer'
            and running.subject_id = standing.customer_key
    where standing.effective_from <= {{ as_of() }}

),

cut as (

    select
        running.*,
        running.effective_from as day
    from running
    union all
    select
        running.*,
        asked.day
    from running
    inner join asked
        on
            running.subject_key = asked.subject_key
            and running.effective_from < asked.day
            and running.effective_to > asked.day

),

final as (

    select
        cut.subject_key,
        cut.day as effective_from,
        coalesce(
            lead(cut.day) over (partition by cut.subject_key order by cut.day), {{ end_of_days() }}
        ) as effective_to,
        cut.exposure,
        cut.limit_reporting as credit_limit,
        case when cut.unconverted_count = 0
            then {{ ratio_of('cut.exposure', 'cut.limit_reporting') }} end as utilisation,
        case when cut.unconverted_count = 0 and cut.is_breached
            then cut.exposure - cut.limit_reporting
            when cut.unconverted_count = 0 then 0 end as excess,
        case when cut.is_breached then cut.breached_since end as breached_since,
        standing.status
    from cut
    left join standing
        on
            cut.scope = 'customer'
            and cut.subject_id = standing.customer_key
            and cut.day >= standing.effective_from
            and cut.day < standing.effective_to

)

select * from final
