{{ config(materialized='table') }}

{#- What is provisioned per segment and bucket, with the rate of it and the loss expected, under
    each sensitivity, on each day on which that is worked out, once for the aging of the segment and
    once for the one that is shown beside it. Customers assessed by themselves stand apart. -#}
{%- set measures = ['open_amount', 'absorbed', 'exposure', 'covered', 'uncovered', 'covered_base',
    'uncovered_base'] -%}
with

item as (

    select
        item.*,
        aging as used_aging,
        bucket as used_bucket,
        false as is_beside
    from {{ ref('int_provision__item') }} as item
    union all
    select
        item.*,
        beside_aging as used_aging,
        beside_bucket as used_bucket,
        true as is_beside
    from {{ ref('int_provision__item') }} as item
    where beside_aging is not null and method = 'matrix'

),

summed as (

    select
        months_back,
        company_code,
        segment,
        segment_no,
        rate_segment,
        method,
        presentation,
        policy_version,
        used_aging,
        used_bucket,
        is_beside,
        fixed_rate,
        case when method = 'individual' then customer_id end as individual_customer_id,
        case when method = 'individual' then decided_loss_rate end as decided_loss_rate,
        {% for basis in ['functional', 'reporting'] -%}
        {% for measure in measures -%}
        cast(sum(coalesce({{ measure }}_{{ basis }}, 0)) as decimal(18, 2))
            as {{ measure }}_{{ basis }},
        {% endfor -%}
        {% endfor -%}
        cast(count(*) as bigint) as item_count,
        cast(sum(case when is_unconverted then 1 else 0 end) as bigint) as unconverted_count
    from item
    group by
        months_back, company_code, segment, segment_no, rate_segment, method, presentation,
        policy_version, used_aging, used_bucket, is_beside, fixed_rate,
        case when method = 'individual' then customer_id end,
        case when method = 'individual' then decided_loss_rate end

),

-- an item of unknown age is taken for the oldest (accounting A15)
matrix as (

    select
        months_back, company_code, segment, rate_segment, aging, sensitivity, bucket, rate_source,
        default_probability, loss_given_default, loss_rate, forward_factor, rate,
        fallback_policy_version
    from {{ ref('int_provision__matrix') }}
    union all
    select
        months_back, company_code, segment, rate_segment, aging, sensitivity,
        'age_unknown' as bucket, rate_source, default_probability, loss_given_default, loss_rate,
        forward_factor, rate, fallback_policy_version
    from {{ ref('int_provision__matrix') }}
    qualify row_number() over (
        partition by months_back, company_code, segment, rate_segment, aging, sensitivity
        order by bucket_no desc
    ) = 1

),

cases as (

    select distinct sensitivity
    from {{ ref('int_provision__matrix') }}

),

priced as (

    select
        summed.*,
        coalesce(cases.sensitivity, 'base') as sensitivity,
        case summed.method
            when 'individual'
                then case when summed.decided_loss_rate is null then 'full' else 'decision' end
            when 'eliminated' then 'eliminated'
            when 'fixed_rate' then 'fixed'
            else matrix.rate_source
        end as rate_source,
        matrix.default_probability,
        matrix.loss_given_default,
        matrix.loss_rate,
        matrix.forward_factor,
        cast(
            case summed.method
                when 'individual' then coalesce(summed.decided_loss_rate, 1)
                when 'eliminated' then 0
                when 'fixed_rate' then summed.fixed_rate
                else matrix.rate
            end as decimal(18, 9)
        ) as rate,
        -- intragroup receivables are eliminated, insured or not
        cast(
            case when summed.method = 'eliminated' then 0
                else {{ policy_value('cover_loss_rate') }} end as decimal(18, 9)
        ) as cover_rate,
        matrix.fallback_policy_version
    from summed
    left join cases
        on true
    left join matrix
        on
            summed.method in ('matrix', 'not_due')
            and summed.months_back = matrix.months_back
            and summed.company_code = matrix.company_code
            and summed.rate_segment = matrix.rate_segment
            and summed.used_aging = matrix.aging
            and summed.used_bucket = matrix.bucket
            and case when summed.method = 'not_due' then summed.rate_segment
                else summed.segment end = matrix.segment
            and cases.sensitivity = matrix.sensitivity

),

final as (

    select
        *,
        {% for basis in ['functional', 'reporting'] -%}
        {{ money_times_rate('uncovered_base_' ~ basis, 'rate') }} as uncovered_loss_{{ basis }},
        {{ money_times_rate('covered_base_' ~ basis, 'cover_rate') }}
            as covered_loss_{{ basis }}{{ ',' if not loop.last }}
        {% endfor %}
    from priced

)

select * from final
