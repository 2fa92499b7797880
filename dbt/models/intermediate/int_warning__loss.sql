{{ config(materialized='table') }}

{#- What is expected to be lost of each party: the uncovered part of every item at the loss rate of
    its segment and bucket, probability of default x loss given default without the forward factor
    (policy sections 3 and 6). Items assessed by themselves at the rate that was decided, else in
    full. -#}
with

item as (

    select
        customer.party_id,
        item.company_code,
        item.segment,
        item.rate_segment,
        item.method,
        item.aging,
        item.bucket,
        item.fixed_rate,
        item.decided_loss_rate,
        coalesce(item.uncovered_reporting, 0) as uncovered,
        item.is_unconverted
    from {{ ref('int_provision__item') }} as item
    inner join {{ ref('dim_customer') }} as customer
        on item.company_code = customer.company_code and item.customer_id = customer.customer_id
    where item.months_back = 0 and item.method <> 'eliminated'

),

matrix as (

    select
        company_code, segment, rate_segment, aging, bucket, bucket_no, loss_rate
    from {{ ref('int_provision__matrix') }}
    where sensitivity = 'base' and months_back = 0

),

-- an item of unknown age is taken for the oldest (accounting A15)
rate as (

    select company_code, segment, rate_segment, aging, bucket, loss_rate
    from matrix
    union all
    select company_code, segment, rate_segment, aging, 'age_unknown' as bucket, loss_rate
    from matrix
    qualify row_number() over (
        partition by company_code, segment, rate_segment, aging
        order by bucket_no desc
    ) = 1

),

priced as (

    select
        item.party_id,
        item.uncovered,
        item.is_unconverted,
        case item.method
            when 'individual' then coalesce(item.decided_loss_rate, 1)
            when 'fixed_rate' then item.fixed_rate
            else rate.loss_rate
        end as loss_rate
    from item
    left join rate
        on
            item.method in ('matrix', 'not_due')
            and item.company_code = rate.company_code
            and item.rate_segment = rate.rate_segment
            and item.aging = rate.aging
            and item.bucket = rate.bucket
            and case when item.method = 'not_due' then item.rate_segment else item.segment end
            = rate.segment

),

final as (

    select
        party_id,
        cast(sum(uncovered) as decimal(18, 2)) as uncovered,
        cast(sum(coalesce({{ money_times_rate('uncovered', 'loss_rate') }}, 0)) as decimal(18, 2))
            as expected_loss,
        sum(case when is_unconverted or loss_rate is null then 1 else 0 end) as unpriced_count
    from priced
    group by party_id

)

select * from final
