{#- Sums over sums: of one pair, and of all of them (pair_no 0). Amounts of several currencies are
    added at the closing rate of the as-of date, on both days of a pair, so that no exchange rate
    rolls. -#}
{%- set parts = outcome_parts() -%}
with

rate as (

    select
        company_code,
        currency,
        rate_to_reporting
    from {{ ref('int_fx_rate__closing') }}
    where day = {{ as_of() }}

),

valued as (

    select
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
        on moved.company_code = rate.company_code and moved.currency = rate.currency

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
        level, level_company_code, level_segment, variant, bucket, bucket_no
        {{ '' if all_pairs else ', pair_no' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(variant as {{ dbt.type_string() }}) as variant,
        cast(level as {{ dbt.type_string() }}) as level,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(segment as {{ dbt.type_string() }}) as segment,
        cast(bucket as {{ dbt.type_string() }}) as bucket,
        cast(bucket_no as int) as bucket_no,
        cast(pair_no as int) as pair_no,
        cast(start_day as date) as start_day,
        cast(end_day as date) as end_day,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(amount as decimal(18, 2)) as amount_reporting,
        {% for part in parts -%}
        cast({{ part }} as decimal(18, 2)) as {{ part }}_reporting,
        {% endfor -%}
        cast(still_open + open_as_bill + written_off as decimal(18, 2)) as numerator_reporting,
        cast(amount - set_off as decimal(18, 2)) as denominator_reporting,
        {{ rate_of('still_open + open_as_bill + written_off', '(amount - set_off)') }} as roll_rate,
        {{ rate_of('diluted', '(amount - set_off)') }} as dilution_rate,
        cast(case when amount - set_off <= 0 then 'denominator_not_positive' end
            as {{ dbt.type_string() }}) as reason_when_null,
        cast(pair_count as int) as pair_count,
        cast(observation_count as bigint) as observation_count,
        cast(item_count as bigint) as item_count,
        cast(unconverted_count as bigint) as unconverted_count
    from summed

)

select * from final
