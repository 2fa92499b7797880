{{ config(materialized='table') }}

{#- Sums over sums: of one pair, and of all of them (pair_no 0). Amounts of several currencies are
    added at the closing rate of the day on which the provision is worked out, on both days of a
    pair, so that no exchange rate rolls. -#}
{%- set parts = outcome_parts() -%}
with

rate as (

    select
        vantage.months_back,
        rate.company_code,
        rate.currency,
        rate.rate_to_reporting
    from {{ ref('int_provision__vantage') }} as vantage
    inner join {{ ref('int_fx_rate__closing') }} as rate
        on vantage.day = rate.day

),

valued as (

    select
        moved.months_back,
        moved.company_code,
        moved.segment,
        moved.variant,
        moved.pair_no,
        moved.start_day,
        moved.end_day,
        moved.bucket,
        moved.bucket_no,
        moved.observation_count,
        moved.item_count,
        case when rate.rate_to_reporting is null then moved.observation_count else 0 end
            as unconverted_count,
        {% for part in parts -%}
        coalesce({{ money_times_rate('moved.' ~ part ~ '_document', 'rate.rate_to_reporting') }}, 0)
            as {{ part }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_roll_rate__moved') }} as moved
    left join rate
        on {{ equal_key('moved', 'rate', ['months_back', 'company_code', 'currency']) }}

),

level as (

    {% for level, company, segment in [('segment', 'company_code', 'segment'),
        ('company', 'company_code', "'*'"), ('group', "'*'", "'*'")] -%}
    select
        '{{ level }}' as level,
        {{ company }} as level_company_code,
        {{ segment }} as level_segment,
        valued.*
    from valued
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

summed as (

    {% for all_pairs in [false, true] -%}
    select
        months_back,
        level,
        level_company_code as company_code,
        level_segment as segment,
        variant,
        bucket,
        bucket_no,
        {{ '0' if all_pairs else 'pair_no' }} as pair_no,
        min(start_day) as start_day,
        max(end_day) as end_day,
        {% for part in parts -%}
        sum({{ part }}) as {{ part }},
        {% endfor -%}
        sum({{ parts | join(' + ') }}) as amount,
        count(distinct pair_no) as pair_count,
        sum(observation_count) as observation_count,
        sum(item_count) as item_count,
        sum(unconverted_count) as unconverted_count
    from level
    group by
        months_back, level, level_company_code, level_segment, variant, bucket, bucket_no
        {{ '' if all_pairs else ', pair_no' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        *,
        {{ rate_of('still_open + open_as_bill + written_off', '(amount - set_off)') }} as roll_rate,
        {{ rate_of('diluted', '(amount - set_off)') }} as dilution_rate
    from summed

)

select * from final
