with

claim as (

    select
        *,
        limitation_state <> 'expired' and days_left <= 30 as ends_in_30_days,
        limitation_state <> 'expired' and days_left <= 90 as ends_in_90_days
    from {{ ref('mart_limitation') }}

),

summed as (

    select
        company_code,
        customer_id,
        count(*) as claim_count,
        sum(case when claim_amount_reporting is null then 1 else 0 end) as unconverted_count,
        sum(claim_amount_reporting) as claim_amount,
        sum(case when is_written_off then claim_amount_reporting end) as written_off_claim_amount,
        {% for days in [30, 90] -%}
        sum(case when ends_in_{{ days }}_days then 1 else 0 end) as ending_{{ days }}_count,
        sum(case when ends_in_{{ days }}_days then claim_amount_reporting end)
            as ending_{{ days }}_amount,
        {% endfor -%}
        sum(case when limitation_state = 'expired' then 1 else 0 end) as expired_count,
        sum(case when limitation_state = 'expired' then claim_amount_reporting end)
            as expired_amount,
        sum(case when uncertainty is not null then claim_amount_reporting end) as uncertain_amount,
        min(case when limitation_state <> 'expired' then deadline_date end) as next_deadline_date
    from claim
    group by company_code, customer_id

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(claim_count as bigint) as claim_count,
        cast(unconverted_count as bigint) as unconverted_count,
        cast(coalesce(claim_amount, 0) as decimal(18, 2)) as claim_amount_reporting,
        cast(coalesce(written_off_claim_amount, 0) as decimal(18, 2))
            as written_off_claim_amount_reporting,
        {% for days in [30, 90] -%}
        cast(ending_{{ days }}_count as bigint) as ending_in_{{ days }}_days_count,
        cast(coalesce(ending_{{ days }}_amount, 0) as decimal(18, 2))
            as ending_in_{{ days }}_days_amount_reporting,
        {% endfor -%}
        cast(expired_count as bigint) as expired_count,
        cast(coalesce(expired_amount, 0) as decimal(18, 2)) as expired_amount_reporting,
        cast(coalesce(uncertain_amount, 0) as decimal(18, 2)) as uncertain_amount_reporting,
        cast(next_deadline_date as date) as next_deadline_date
    from summed

)

select * from final
