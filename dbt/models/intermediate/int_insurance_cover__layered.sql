{{ config(materialized='table') }}

{#- Insurance cover in force at each period end, and on each day of the provision, in layers: what
    one policy insures of a customer's exposure, the next does not, the highest share first. Limits
    in the reporting currency at the closing rate of the day; one without a rate insures nothing.
    -#}
with

month as (

    select period_end as day
    from {{ ref('int_kpi__month') }}
    union distinct
    select day
    from {{ ref('int_provision__vantage') }}

),

cover_row as (

    {{ current_version('insurance_cover') }}

),

-- a policy that is renewed takes the place of what it was before
cover as (

    select
        cover_row.company_code,
        cover_row.customer_id,
        cover_row.policy,
        cover_row.share,
        cover_row.notification_days,
        month.day,
        {{ money_times_rate('cover_row.limit', 'rate.rate_to_reporting') }} as limit_reporting
    from cover_row
    inner join month
        on
            cover_row.valid_from <= month.day
            and (cover_row.valid_to is null or cover_row.valid_to >= month.day)
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            cover_row.company_code = rate.company_code
            and cover_row.currency = rate.currency
            and month.day = rate.day
    qualify row_number() over (
        partition by cover_row.company_code, cover_row.customer_id, cover_row.policy, month.day
        order by cover_row.valid_from desc
    ) = 1

),

final as (

    select
        company_code,
        customer_id,
        policy,
        day,
        share,
        notification_days,
        limit_reporting,
        coalesce(
            sum(limit_reporting) over (
                partition by company_code, customer_id, day
                order by share desc, policy
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as limit_before
    from cover
    where limit_reporting is not null

)

select * from final
