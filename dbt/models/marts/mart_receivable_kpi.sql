{#- Metrics of receivables (domain section 4, accounting C), one row each with what it was made of.
    Quotients stand in macros/kpi_ratios.sql; counting back, sales-weighted days and percentiles are
    no quotients and have models of their own. -#}
{%- set ratios = kpi_ratios() -%}
with

measured as (

    select
        base.*,
        loss.vintage_loss,
        allowance.allowance
    from {{ ref('int_kpi__window') }} as base
    left join {{ ref('int_kpi__loss') }} as loss
        on
            base.dimension = loss.dimension
            and base.dimension_value = loss.dimension_value
            and base.period_end = loss.period_end
    left join {{ ref('int_kpi__allowance') }} as allowance
        on
            base.dimension = allowance.dimension
            and base.dimension_value = allowance.dimension_value
            and base.period_end = allowance.period_end

),

divided as (

    {% for ratio in ratios -%}
    select
        dimension,
        dimension_value,
        period_end,
        '{{ ratio.metric }}' as metric,
        '{{ ratio.variant }}' as variant,
        {% if ratio.windows -%}
        window_months,
        window_days,
        {% else -%}
        cast(null as int) as window_months,
        cast(null as bigint) as window_days,
        {% endif -%}
        '{{ ratio.unit }}' as unit,
        {{ ratio.numerator }} as numerator,
        {{ ratio.denominator }} as denominator,
        {{ ratio_of('(' ~ ratio.numerator ~ ')', '(' ~ ratio.denominator ~ ')', ratio.factor) }}
            as value,
        {% if ratio.needs == 'opening' -%}
        has_opening
        {%- elif ratio.needs == 'window' -%}
        is_whole
        {%- else -%}
        true
        {%- endif %} as has_history,
        {% if ratio.needs == 'payment' -%}
        {{ ratio.basis }}_excluded_payment_count_in_window as excluded_count,
        flow_unconverted_in_window as unconverted_count
        {%- elif ratio.needs == 'opening' -%}
        0 as excluded_count,
        stock_unconverted_in_window + flow_unconverted_in_window as unconverted_count
        {%- elif ratio.needs == 'window' -%}
        0 as excluded_count,
        stock_unconverted_count + flow_unconverted_in_window as unconverted_count
        {%- else -%}
        0 as excluded_count,
        stock_unconverted_count as unconverted_count
        {%- endif %}
    from measured
    where
        window_months in ({{ ratio.windows | join(', ') if ratio.windows else 1 }})
        {% if ratio.metric == 'allowance_rate' -%}
        and allowance is not null
        {%- elif ratio.basis == 'clearing_date' -%}
        and clearing_date_payment_count_in_window + clearing_date_excluded_payment_count_in_window
        > 0
        {%- endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

judged as (

    select
        *,
        case
            when unconverted_count > 0 then 'missing_rate'
            when not has_history then 'short_history'
            when numerator is null then 'not_delivered'
            when denominator <= 0 then 'denominator_not_positive'
        end as reason_when_null
    from divided

),

counted_back as (

    select
        monthly.dimension,
        monthly.dimension_value,
        monthly.period_end,
        variant.variant,
        case when variant.variant = 'countback' then monthly.sold
            else monthly.sold + monthly.bill end as receivable,
        monthly.stock_unconverted_count,
        monthly.month_no
    from {{ ref('int_kpi__monthly') }} as monthly
    cross join (
        select 'countback' as variant
        union all
        select 'countback_with_bills' as variant
    ) as variant

),

special as (

    select
        counted_back.dimension,
        counted_back.dimension_value,
        counted_back.period_end,
        'dso' as metric,
        counted_back.variant,
        'days' as unit,
        counted_back.receivable as numerator,
        coalesce(countback.counted_sales, 0) as denominator,
        case when counted_back.receivable = 0 then 0 else countback.days end as value,
        coalesce(countback.months_without_sales, 0) as excluded_count,
        counted_back.stock_unconverted_count as unconverted_count,
        case
            when counted_back.stock_unconverted_count > 0 then 'missing_rate'
            when counted_back.receivable <> 0 and countback.days is null then 'beyond_history'
        end as reason_when_null,
        cast(null as int) as window_months
    from counted_back
    left join {{ ref('int_kpi__countback') }} as countback
        on
            counted_back.variant = countback.variant
            and counted_back.dimension = countback.dimension
            and counted_back.dimension_value = countback.dimension_value
            and counted_back.period_end = countback.period_end
    union all
    select
        monthly.dimension,
        monthly.dimension_value,
        monthly.period_end,
        'dso' as metric,
        'sales_weighted' as variant,
        'days' as unit,
        coalesce(weighted.open_amount, 0) as numerator,
        coalesce(weighted.sales, 0) as denominator,
        case when coalesce(weighted.open_amount, 0) = 0 then 0 else weighted.days end as value,
        0 as excluded_count,
        monthly.stock_unconverted_count as unconverted_count,
        case
            when monthly.stock_unconverted_count > 0 then 'missing_rate'
            when weighted.open_amount <> 0 and weighted.days is null then 'month_without_sales'
        end as reason_when_null,
        cast(null as int) as window_months
    from {{ ref('int_kpi__monthly') }} as monthly
    left join {{ ref('int_kpi__sales_weighted') }} as weighted
        on
            monthly.dimension = weighted.dimension
            and monthly.dimension_value = weighted.dimension_value
            and monthly.period_end = weighted.period_end
    {% for variant, column in [('median', 'median_days'), ('p90', 'p90_days')] -%}
    union all
    select
        dimension,
        dimension_value,
        period_end,
        metric,
        case when basis = 'payment_date' then '{{ variant }}'
            else '{{ variant }}_by_clearing_date' end as variant,
        'days' as unit,
        {{ column }} as numerator,
        payment_count as denominator,
        {{ column }} as value,
        0 as excluded_count,
        0 as unconverted_count,
        cast(null as {{ dbt.type_string() }}) as reason_when_null,
        window_months
    from {{ ref('int_kpi__quantile') }}
    {% endfor %}

),

everything as (

    select
        dimension, dimension_value, period_end, metric, variant, window_months, window_days, unit,
        numerator, denominator, value, reason_when_null, excluded_count, unconverted_count
    from judged
    union all
    select
        dimension, dimension_value, period_end, metric, variant, window_months,
        cast(null as bigint) as window_days, unit, numerator, denominator, value,
        reason_when_null, excluded_count, unconverted_count
    from special

),

final as (

    select
        cast(month.month_start as date) as month_start,
        cast(everything.period_end as date) as period_end,
        cast(month.is_complete as boolean) as is_complete,
        cast(everything.dimension as {{ dbt.type_string() }}) as dimension,
        cast(everything.dimension_value as {{ dbt.type_string() }}) as dimension_value,
        cast(everything.metric as {{ dbt.type_string() }}) as metric,
        cast(everything.variant as {{ dbt.type_string() }}) as variant,
        cast(everything.window_months as int) as window_months,
        cast(everything.window_days as bigint) as window_days,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(everything.unit as {{ dbt.type_string() }}) as unit,
        cast(everything.numerator as decimal(28, 2)) as numerator,
        cast(everything.denominator as decimal(28, 2)) as denominator,
        cast(case when everything.reason_when_null is null then everything.value end
            as decimal(28, 6)) as value,
        cast(everything.reason_when_null as {{ dbt.type_string() }}) as reason_when_null,
        cast(everything.excluded_count as bigint) as excluded_count,
        cast(everything.unconverted_count as bigint) as unconverted_count
    from everything
    inner join {{ ref('int_kpi__month') }} as month
        on everything.period_end = month.period_end

)

select * from final
order by period_end desc, dimension, dimension_value, metric, variant, window_months nulls first
