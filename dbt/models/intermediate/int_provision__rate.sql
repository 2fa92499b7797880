{{ config(materialized='table') }}

{#- The loss rate of every segment, segment whose rates it takes, and fine bucket: own, else pooled
    own, else the policy's x the segment's multiple, at most 100 %, and never less than that of a
    younger bucket (policy section 6 rule 3); with the bucket of the matrix that it belongs to and
    the amount that it weighs there. On each day on which the provision is worked out, by what was
    known of the past and by the policy of now. -#}
with

segment as (

    select * from {{ ref('int_provision__segment') }}

),

-- what was in a segment on one of the days is asked for its rate on the others
owner as (

    select distinct
        vantage.months_back,
        customer.company_code,
        customer.matrix_segment
    from {{ ref('int_provision__customer') }} as customer
    cross join {{ ref('int_provision__vantage') }} as vantage
    inner join segment
        on customer.matrix_segment = segment.segment and segment.method = 'matrix'

),

-- a segment of the matrix takes its own rates; bills take those of the receivable they replaced
asked as (

    select
        owner.months_back,
        owner.company_code,
        owner.matrix_segment as segment,
        owner.matrix_segment as rate_segment,
        aging.aging
    from owner
    inner join (
        select segment, aging from segment
        union distinct
        select segment, beside_aging as aging
        from segment
        where beside_aging is not null
    ) as aging
        on owner.matrix_segment = aging.segment
    union distinct
    select
        owner.months_back,
        owner.company_code,
        segment.segment,
        owner.matrix_segment as rate_segment,
        segment.aging
    from owner
    inner join segment
        on
            segment.method in ('matrix', 'fixed_rate')
            and not {{ is_among('segment.receivable_class', "'trade'") }}

),

scheme_bucket as (

    select
        scheme,
        bucket,
        bucket_no,
        coalesce(lower_bound, -999999) as lower_bound,
        coalesce(upper_bound, 999999) as upper_bound
    from {{ ref('int_aging_bucket') }}
    where bucket <> 'unapplied'

),

fine as (

    select
        coarse.scheme as aging,
        fine.bucket as fine_bucket,
        fine.bucket_no as fine_bucket_no,
        fine.lower_bound,
        coarse.bucket,
        coarse.bucket_no
    from scheme_bucket as fine
    inner join scheme_bucket as coarse
        on
            fine.lower_bound >= coarse.lower_bound
            and fine.lower_bound <= coarse.upper_bound
            and (
                (fine.scheme = 'monthly_30' and coarse.scheme = 'standard')
                or (fine.scheme = 'cas_annual' and coarse.scheme = 'cas_annual')
            )

),

amount as (

    select
        months_back,
        company_code,
        segment,
        rate_segment,
        aging,
        case aging when 'standard' then fine_bucket else bucket end as fine_bucket,
        sum(uncovered_base_reporting) as amount_reporting
    from {{ ref('int_provision__item') }}
    where method = 'matrix' and not is_age_unknown
    group by
        months_back, company_code, segment, rate_segment, aging,
        case aging when 'standard' then fine_bucket else bucket end

),

chosen as (

    select
        asked.months_back,
        asked.company_code,
        asked.segment,
        asked.rate_segment,
        asked.aging,
        fine.fine_bucket,
        fine.fine_bucket_no,
        fine.bucket,
        fine.bucket_no,
        own.loss_case,
        own.pair_count,
        own.item_count,
        own.default_pair_count,
        own.roll_rate as own_roll_rate,
        pooled.roll_rate as pooled_roll_rate,
        own.default_probability as own_default_probability,
        pooled.default_probability as pooled_default_probability,
        own.loss_given_default as own_loss_given_default,
        pooled.loss_given_default as pooled_loss_given_default,
        own.loss_given_default_source as own_loss_given_default_source,
        pooled.loss_given_default_source as pooled_loss_given_default_source,
        own.recovery_item_count as own_recovery_item_count,
        pooled.recovery_item_count as pooled_recovery_item_count,
        own.loss_rate as own_loss_rate,
        pooled.loss_rate as pooled_loss_rate,
        own.reason_not_own,
        pooled.reason_not_own as reason_not_pooled,
        fallback.loss_rate as fallback_loss_rate,
        fallback.fallback_multiple,
        fallback.policy_version as fallback_policy_version,
        case
            when own.reason_not_own is null then 'own'
            when pooled.reason_not_own is null then 'pooled'
            else 'fallback'
        end as rate_source,
        own.is_in_default,
        coalesce(amount.amount_reporting, 0) as amount_reporting
    from asked
    inner join fine
        on asked.aging = fine.aging
    inner join {{ ref('int_provision__own_rate') }} as own
        on
            asked.months_back = own.months_back
            and asked.company_code = own.company_code
            and asked.rate_segment = own.segment
            and asked.aging = own.aging
            and fine.fine_bucket = own.bucket
    inner join {{ ref('int_provision__own_rate') }} as pooled
        on
            asked.months_back = pooled.months_back
            and asked.company_code = pooled.company_code
            and pooled.segment = '*'
            and asked.aging = pooled.aging
            and fine.fine_bucket = pooled.bucket
            and own.loss_case = pooled.loss_case
    left join {{ ref('int_provision__fallback') }} as fallback
        on
            asked.aging = fallback.aging
            and fine.bucket = fallback.bucket
            and case
                -- a bank's bill past its maturity is a receivable of the customer's segment
                when asked.aging = 'standard' then asked.rate_segment
                else asked.segment
            end = fallback.segment
    left join amount
        on
            asked.months_back = amount.months_back
            and asked.company_code = amount.company_code
            and asked.segment = amount.segment
            and asked.rate_segment = amount.rate_segment
            and asked.aging = amount.aging
            and fine.fine_bucket = amount.fine_bucket

),

taken as (

    select
        *,
        {% for column in ['roll_rate', 'default_probability', 'loss_given_default',
            'loss_given_default_source', 'recovery_item_count'] -%}
        case rate_source when 'own' then own_{{ column }} when 'pooled' then pooled_{{ column }} end
            as {{ column }},
        {% endfor -%}
        case rate_source
            when 'own' then own_loss_rate
            when 'pooled' then pooled_loss_rate
            else fallback_loss_rate
        end as taken_loss_rate
    from chosen

),

-- The policy's loss given default says nothing about how long a balance has stood: there its rate
-- for the age is the least.
aged as (

    select
        *,
        case
            when is_in_default and loss_given_default_source = 'policy'
                then greatest(taken_loss_rate, coalesce(fallback_loss_rate, 0))
            else taken_loss_rate
        end as aged_loss_rate
    from taken

),

final as (

    select
        months_back,
        company_code,
        segment,
        rate_segment,
        aging,
        loss_case,
        bucket,
        bucket_no,
        fine_bucket,
        fine_bucket_no,
        rate_source,
        reason_not_own,
        case when reason_not_own is not null then reason_not_pooled end as reason_not_pooled,
        pair_count,
        item_count,
        default_pair_count,
        roll_rate,
        default_probability,
        loss_given_default,
        loss_given_default_source,
        recovery_item_count,
        own_loss_rate,
        pooled_loss_rate,
        fallback_loss_rate,
        fallback_multiple,
        fallback_policy_version,
        amount_reporting,
        cast(
            max(aged_loss_rate) over (
                partition by months_back, company_code, segment, rate_segment, aging, loss_case
                order by fine_bucket_no
                rows between unbounded preceding and current row
            ) as decimal(18, 9)
        ) as loss_rate
    from aged

)

select * from final
