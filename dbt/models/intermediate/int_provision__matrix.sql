{{ config(materialized='table') }}

{#- The provision matrix: per bucket the loss rate, weighted by the amounts in the fine buckets, and
    what it becomes with the forward factor, at most 100 % and never applied to a bucket that is
    lost already (policy section 6 rules 3, 4, accounting E4). Once as it is, and once for each
    thing that might be otherwise (rule 7), on each day on which the provision is worked out. -#}
{%- set sensitivities = {
    'base': ('base', '0'),
    'factor_up': ('base', policy_value('sensitivity_factor')),
    'factor_down': ('base', '-' ~ policy_value('sensitivity_factor')),
    'loss_given_default_up': ('up', '0'),
    'loss_given_default_down': ('down', '0')
} -%}
with

weighted as (

    select
        months_back,
        company_code,
        segment,
        rate_segment,
        aging,
        loss_case,
        bucket,
        bucket_no,
        min(rate_source) as rate_source,
        {% for column in ['default_probability', 'loss_given_default', 'loss_rate'] -%}
        cast(round(
            case
                when sum(amount_reporting) > 0
                    then sum(cast(amount_reporting as decimal(20, 2)) * {{ column }})
                    / sum(amount_reporting)
                else avg({{ column }})
            end, 9
        ) as decimal(18, 9)) as {{ column }},
        {% endfor -%}
        min(fallback_policy_version) as fallback_policy_version
    from {{ ref('int_provision__rate') }}
    group by
        months_back, company_code, segment, rate_segment, aging, loss_case, bucket, bucket_no

),

cased as (

    {% for sensitivity, (loss_case, shift) in sensitivities.items() -%}
    select
        '{{ sensitivity }}' as sensitivity,
        {{ shift }} as factor_shift,
        weighted.*
    from weighted
    where loss_case = '{{ loss_case }}'
    union all
    {% endfor -%}
    select
        'one_bucket_later' as sensitivity,
        0 as factor_shift,
        weighted.*
    from weighted
    where loss_case = 'base'

),

factored as (

    select
        cased.*,
        cast(forward.forward_factor * (1 + cased.factor_shift) as decimal(9, 6))
            as forward_factor,
        case
            when cased.loss_rate >= 1 then cast(1 as decimal(18, 9))
            else cast(
                least(
                    round(
                        cased.loss_rate * cast(
                            forward.forward_factor * (1 + cased.factor_shift) as decimal(9, 6)
                        ), 9
                    ), 1
                ) as decimal(18, 9)
            )
        end as rate
    from cased
    inner join {{ ref('int_provision__forward') }} as forward
        on cased.segment = forward.segment

),

final as (

    select
        months_back,
        company_code,
        segment,
        rate_segment,
        aging,
        sensitivity,
        bucket,
        bucket_no,
        rate_source,
        default_probability,
        loss_given_default,
        loss_rate,
        forward_factor,
        case
            when sensitivity = 'one_bucket_later' then coalesce(
                lead(rate) over (
                    partition by
                        months_back, company_code, segment, rate_segment, aging, sensitivity
                    order by bucket_no
                ),
                rate
            )
            else rate
        end as rate,
        fallback_policy_version
    from factored

)

select * from final
