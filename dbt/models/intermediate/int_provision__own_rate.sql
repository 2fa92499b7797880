{{ config(materialized='table') }}

{#- Loss rates out of the company's own history, per segment and for the company pooled ('*'), on
    the fine buckets (policy section 6 rule 2, accounting E3), and whether there is enough of it, on
    each day on which the provision is worked out.

    `standard`: up to the last bucket before default the product of the roll rates from the bucket
    on x the loss given default; beyond, the loss given default of what stands in the bucket.
    `cas_annual`: the product of the yearly roll rates, the last bucket lost. The loss given default
    is the own one, else that of the company, else the policy's; its shift is the sensitivity. -#}
with

minimum as (

    select
        cast({{ policy_value('own_rate_pairs') }} as int) as pair_count,
        cast({{ policy_value('own_rate_items') }} as int) as item_count,
        cast({{ policy_value('own_rate_default_pairs') }} as int) as default_pair_count,
        cast({{ policy_value('loss_given_default_items') }} as int) as recovery_count,
        cast({{ policy_value('default_days_past_due') }} as int) as default_days,
        {{ policy_value('loss_given_default') }} as loss_given_default,
        {{ policy_value('sensitivity_loss_given_default') }} as shift

),

bucket as (

    select
        case scheme when 'monthly_30' then 'standard' else scheme end as aging,
        bucket,
        bucket_no,
        lower_bound,
        max(bucket_no) over (partition by scheme) as last_bucket_no
    from {{ ref('int_aging_bucket') }}
    where scheme in ('monthly_30', 'cas_annual') and bucket <> 'unapplied'

),

-- what was in a segment on one of the days is asked for its rate on the others
owner as (

    select distinct
        vantage.months_back,
        customer.company_code,
        customer.matrix_segment as segment
    from {{ ref('int_provision__customer') }} as customer
    cross join {{ ref('int_provision__vantage') }} as vantage
    where customer.matrix_segment is not null
    union distinct
    select distinct
        months_back,
        company_code,
        '*' as segment
    from {{ ref('int_provision__customer') }}

),

rolled as (

    select
        months_back,
        company_code,
        segment,
        case variant when 'monthly_30' then 'standard' else variant end as aging,
        bucket,
        bucket_no,
        pair_no,
        roll_rate,
        still_open + open_as_bill + written_off as rolled_on,
        pair_count,
        item_count
    from {{ ref('int_roll_rate__summed') }}
    where level in ('segment', 'company')

),

observed as (

    select
        months_back,
        company_code,
        segment,
        aging,
        max(pair_count) as pair_count,
        sum(item_count) as item_count
    from rolled
    where pair_no = 0
    group by months_back, company_code, segment, aging

),

-- what rolled out of the last bucket before default has defaulted
last_before as (

    select max(bucket_no) as bucket_no
    from bucket
    cross join minimum
    where
        bucket.aging = 'standard'
        and coalesce(bucket.lower_bound, 0) <= minimum.default_days

),

defaulted as (

    select
        rolled.months_back,
        rolled.company_code,
        rolled.segment,
        count(*) as default_pair_count
    from rolled
    inner join last_before
        on rolled.bucket_no = last_before.bucket_no
    where rolled.aging = 'standard' and rolled.pair_no > 0 and rolled.rolled_on > 0
    group by rolled.months_back, rolled.company_code, rolled.segment

),

recovery as (

    select
        months_back,
        company_code,
        segment,
        bucket_no,
        item_count,
        defaulted_reporting - left_out_reporting as balance,
        defaulted_reporting - left_out_reporting - recovered_reporting as lost
    from {{ ref('int_provision__recovery') }}

),

-- own, else pooled, where enough defaults are over; the policy's otherwise
given_default as (

    select
        owner.months_back,
        owner.company_code,
        owner.segment,
        bucket.bucket_no,
        case
            when own.item_count >= minimum.recovery_count and own.balance > 0 then 'own'
            when pooled.item_count >= minimum.recovery_count and pooled.balance > 0 then 'pooled'
            else 'policy'
        end as loss_given_default_source,
        case
            when own.item_count >= minimum.recovery_count and own.balance > 0
                then {{ rate_of('own.lost', 'own.balance') }}
            when pooled.item_count >= minimum.recovery_count and pooled.balance > 0
                then {{ rate_of('pooled.lost', 'pooled.balance') }}
            else minimum.loss_given_default
        end as loss_given_default,
        coalesce(own.item_count, 0) as recovery_item_count
    from owner
    inner join bucket
        on bucket.aging = 'standard'
    cross join minimum
    left join recovery as own
        on
            owner.months_back = own.months_back
            and owner.company_code = own.company_code
            and owner.segment = own.segment
            and bucket.bucket_no = own.bucket_no
    left join recovery as pooled
        on
            owner.months_back = pooled.months_back
            and owner.company_code = pooled.company_code
            and pooled.segment = '*'
            and bucket.bucket_no = pooled.bucket_no
    where bucket.lower_bound > minimum.default_days

),

-- what defaults enters the first bucket behind
at_default as (

    select
        given_default.months_back,
        given_default.company_code,
        given_default.segment,
        given_default.loss_given_default,
        given_default.loss_given_default_source,
        given_default.recovery_item_count
    from given_default
    inner join last_before
        on given_default.bucket_no = last_before.bucket_no + 1

),

chain as (

    select
        owner.months_back,
        owner.company_code,
        owner.segment,
        bucket.aging,
        bucket.bucket_no,
        {{ product_of('roll.roll_rate') }} as default_probability
    from owner
    cross join last_before
    inner join bucket
        on bucket.aging = 'cas_annual' or bucket.bucket_no <= last_before.bucket_no
    inner join bucket as step
        on
            bucket.aging = step.aging
            and step.bucket_no >= bucket.bucket_no
            and (
                (bucket.aging = 'standard' and step.bucket_no <= last_before.bucket_no)
                or (bucket.aging = 'cas_annual' and step.bucket_no < step.last_bucket_no)
            )
    left join rolled as roll
        on
            owner.months_back = roll.months_back
            and owner.company_code = roll.company_code
            and owner.segment = roll.segment
            and step.aging = roll.aging
            and step.bucket_no = roll.bucket_no
            and roll.pair_no = 0
    group by
        owner.months_back, owner.company_code, owner.segment, bucket.aging, bucket.bucket_no

),

complete as (

    select
        months_back,
        company_code,
        segment,
        aging,
        count(*) = count(default_probability) as is_complete
    from chain
    group by months_back, company_code, segment, aging

),

shift as (

    select 'base' as loss_case, cast(0 as decimal(18, 6)) as shift
    from minimum
    union all
    select 'up' as loss_case, shift
    from minimum
    union all
    select 'down' as loss_case, -shift as shift
    from minimum

),

priced as (

    select
        owner.months_back,
        owner.company_code,
        owner.segment,
        bucket.aging,
        bucket.bucket,
        bucket.bucket_no,
        shift.loss_case,
        roll.roll_rate,
        case
            when chain.bucket_no is not null then chain.default_probability
            else cast(1 as decimal(18, 9))
        end as default_probability,
        case
            when bucket.aging = 'standard' then cast(
                greatest(
                    least(
                        coalesce(given_default.loss_given_default, at_default.loss_given_default)
                        + shift.shift,
                        1
                    ),
                    0
                ) as decimal(18, 9)
            )
            else cast(1 as decimal(18, 9))
        end as loss_given_default,
        case when bucket.aging = 'standard' then coalesce(
            given_default.loss_given_default_source, at_default.loss_given_default_source
        ) end as loss_given_default_source,
        case when bucket.aging = 'standard' then coalesce(
            given_default.recovery_item_count, at_default.recovery_item_count
        ) end as recovery_item_count,
        given_default.bucket_no is not null as is_in_default,
        coalesce(observed.pair_count, 0) as pair_count,
        coalesce(observed.item_count, 0) as item_count,
        coalesce(defaulted.default_pair_count, 0) as default_pair_count,
        case
            when coalesce(observed.pair_count, 0) < minimum.pair_count then 'too_few_pairs'
            when coalesce(observed.item_count, 0) < minimum.item_count then 'too_few_items'
            when coalesce(defaulted.default_pair_count, 0) < minimum.default_pair_count
                then 'too_few_defaults'
            when not complete.is_complete then 'roll_rate_missing'
        end as reason_not_own
    from owner
    cross join bucket
    cross join shift
    cross join minimum
    inner join complete
        on
            owner.months_back = complete.months_back
            and owner.company_code = complete.company_code
            and owner.segment = complete.segment
            and bucket.aging = complete.aging
    left join rolled as roll
        on
            owner.months_back = roll.months_back
            and owner.company_code = roll.company_code
            and owner.segment = roll.segment
            and bucket.aging = roll.aging
            and bucket.bucket_no = roll.bucket_no
            and roll.pair_no = 0
    left join chain
        on
            owner.months_back = chain.months_back
            and owner.company_code = chain.company_code
            and owner.segment = chain.segment
            and bucket.aging = chain.aging
            and bucket.bucket_no = chain.bucket_no
    left join given_default
        on
            bucket.aging = 'standard'
            and owner.months_back = given_default.months_back
            and owner.company_code = given_default.company_code
            and owner.segment = given_default.segment
            and bucket.bucket_no = given_default.bucket_no
    left join at_default
        on {{ equal_key('owner', 'at_default', ['months_back', 'company_code', 'segment']) }}
    left join observed
        on
            owner.months_back = observed.months_back
            and owner.company_code = observed.company_code
            and owner.segment = observed.segment
            and bucket.aging = observed.aging
    left join defaulted
        on {{ equal_key('owner', 'defaulted', ['months_back', 'company_code', 'segment']) }}

),

final as (

    select
        *,
        cast(round(default_probability * loss_given_default, 9) as decimal(18, 9)) as loss_rate
    from priced

)

select * from final
