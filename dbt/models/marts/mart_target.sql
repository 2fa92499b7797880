{#- What was to be met beside what came of it (DECISIONS 50). The metric is that of mart_receivable_kpi; cash of a
    period is the sum of its months. -#}
with

target as (

    select * from {{ ref('int_target__bound') }}

),

history as (

    select min(month_start) as first_month from {{ ref('int_kpi__month') }}

),

measured as (

    -- the newest month end of each period that has begun
    select
        target.period_start,
        target.period_end,
        max(month.period_end) as measured_on,
        max(month.period_end) = target.period_end as is_complete
    from target
    inner join {{ ref('int_kpi__month') }} as month
        on month.month_start between target.period_start and target.period_end
    group by target.period_start, target.period_end

),

cash as (

    select
        target.dimension,
        target.dimension_value,
        target.period_start,
        target.period_end,
        sum(kpi.unconverted_count) as unconverted_count,
        sum(kpi.numerator) as collected
    from target
    inner join {{ ref('mart_receivable_kpi') }} as kpi
        on
            target.dimension = kpi.dimension
            and target.dimension_value = kpi.dimension_value
            and kpi.metric = 'collection_rate'
            and kpi.variant = 'all_cash'
            and kpi.window_months = 1
            and kpi.month_start between target.period_start and target.period_end
    where target.metric = 'collected'
    group by target.dimension, target.dimension_value, target.period_start, target.period_end

),

compared as (

    select
        target.*,
        measured.measured_on,
        coalesce(measured.is_complete, false) as is_complete,
        -- an amount would take the other figures' decimals with it
        case
            when target.metric = 'collected' then cast(cash.collected as decimal(28, 6))
            else kpi.value
        end as actual_value,
        case
            when target.reason is not null then target.reason
            when target.period_end < history.first_month then 'before_history'
            when measured.measured_on is null then 'not_begun'
            when target.metric = 'collected'
                then case
                    when cash.unconverted_count > 0 then 'missing_rate'
                    when target.period_start < history.first_month then 'before_history'
                    when cash.collected is null then 'not_measured'
                end
            when kpi.window_months > 1 and not measured.is_complete then 'running'
            when kpi.metric is null then 'not_measured'
            else kpi.reason_when_null
        end as reason_when_null
    from target
    cross join history
    left join measured
        on target.period_start = measured.period_start and target.period_end = measured.period_end
    left join cash
        on
            target.dimension = cash.dimension
            and target.dimension_value = cash.dimension_value
            and target.period_start = cash.period_start
            and target.period_end = cash.period_end
    left join {{ ref('mart_receivable_kpi') }} as kpi
        on
            target.dimension = kpi.dimension
            and target.dimension_value = kpi.dimension_value
            and target.metric = kpi.metric
            and target.variant = kpi.variant
            and measured.measured_on = kpi.period_end
            and coalesce(kpi.window_months, target.month_count) = target.month_count

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(stated_metric as {{ dbt.type_string() }}) as stated_metric,
        cast(stated_scope as {{ dbt.type_string() }}) as stated_scope,
        cast(stated_period as {{ dbt.type_string() }}) as stated_period,
        cast(dimension as {{ dbt.type_string() }}) as dimension,
        cast(dimension_value as {{ dbt.type_string() }}) as dimension_value,
        cast(metric as {{ dbt.type_string() }}) as metric,
        cast(variant as {{ dbt.type_string() }}) as variant,
        cast(unit as {{ dbt.type_string() }}) as unit,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(period_start as date) as period_start,
        cast(period_end as date) as period_end,
        cast(measured_on as date) as measured_on,
        cast(is_complete as boolean) as is_complete,
        cast(is_lower_better as boolean) as is_lower_better,
        cast(case when reason is null then value end as decimal(28, 6)) as target_value,
        cast(case when reason_when_null is null then actual_value end as decimal(28, 6))
            as actual_value,
        cast(case when reason_when_null is null then {{ ratio_of('actual_value', 'value') }} end
            as decimal(28, 6)) as attainment,
        cast(case
            when reason_when_null is null and is_complete
                then case when is_lower_better then actual_value <= value
                    else actual_value >= value end
        end as boolean) as is_met,
        cast(reason_when_null as {{ dbt.type_string() }}) as reason_when_null,
        {{ provenance() }}
    from compared

)

select * from final
order by company_code, stated_metric, stated_scope, stated_period
