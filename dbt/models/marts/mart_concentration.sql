{%- set tops = [1, 5, 10] -%}
with

ranked as (

    select * from {{ ref('int_concentration__ranked') }}

),

summed as (

    select
        dimension,
        dimension_value,
        period_end,
        sum(case when is_ranked then exposure else 0 end) as exposure,
        sum(case when is_ranked then {{ money_squared('exposure') }} else 0 end)
            as squared_exposure,
        {% for top in tops -%}
        sum(case when rank_no <= {{ top }} then exposure else 0 end) as top_{{ top }}_exposure,
        {% endfor -%}
        sum(case when is_ranked then insured_cover else 0 end) as insured_cover,
        sum(case when is_ranked then 1 else 0 end) as customer_group_count,
        sum(case when not is_intragroup and exposure <= 0 then 1 else 0 end)
            as credit_only_count,
        sum(case when is_intragroup then exposure else 0 end) as intragroup_exposure,
        sum(case when not is_intragroup then unconverted_count else 0 end) as unconverted_count
    from ranked
    group by dimension, dimension_value, period_end

),

judged as (

    select
        *,
        case
            when unconverted_count > 0 then 'missing_rate'
            when exposure <= 0 then 'no_exposure'
        end as reason_when_null
    from summed

),

final as (

    select
        cast(month.month_start as date) as month_start,
        cast(judged.period_end as date) as period_end,
        cast(month.is_complete as boolean) as is_complete,
        cast(judged.dimension as {{ dbt.type_string() }}) as dimension,
        cast(judged.dimension_value as {{ dbt.type_string() }}) as dimension_value,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(judged.exposure as decimal(18, 2)) as exposure_reporting,
        cast(judged.squared_exposure as decimal(38, 4)) as squared_exposure_reporting,
        cast(case when reason_when_null is null then
            {{ ratio_of(
                'judged.squared_exposure',
                '(cast(judged.exposure as double) * cast(judged.exposure as double))', 10000
            ) }} end as decimal(28, 6)) as herfindahl_index,
        {% for top in tops -%}
        cast(judged.top_{{ top }}_exposure as decimal(18, 2)) as top_{{ top }}_exposure_reporting,
        cast(case when reason_when_null is null then
            {{ ratio_of('judged.top_' ~ top ~ '_exposure', 'judged.exposure') }} end
            as decimal(28, 6)) as top_{{ top }}_rate,
        {% endfor -%}
        cast(judged.insured_cover as decimal(18, 2)) as insured_cover_reporting,
        cast(case when reason_when_null is null then
            {{ ratio_of('judged.insured_cover', 'judged.exposure') }} end as decimal(28, 6))
            as insured_rate,
        cast(judged.reason_when_null as {{ dbt.type_string() }}) as reason_when_null,
        cast(judged.customer_group_count as bigint) as customer_group_count,
        cast(judged.credit_only_count as bigint) as credit_only_count,
        cast(judged.intragroup_exposure as decimal(18, 2)) as intragroup_exposure_reporting,
        cast(judged.unconverted_count as bigint) as unconverted_count
    from judged
    inner join {{ ref('int_kpi__month') }} as month
        on judged.period_end = month.period_end

)

select * from final
order by period_end desc, dimension, dimension_value
