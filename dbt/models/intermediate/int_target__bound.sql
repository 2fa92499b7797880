{#- What is to be met, read: which metric, of what, in which period (DECISIONS 50). One row per dimension, value, metric,
    variant and period that can be read, else one per row delivered, with the reason. -#}
{%- set dimensions = "'" ~ kpi_dimensions() | join("', '") ~ "'" -%}
with

metric as (

    {% for target in target_metrics() -%}
    {% for variant in target.variants -%}
    select
        '{{ target.metric }}' as metric,
        '{{ variant }}' as variant,
        {{ 'true' if loop.first else 'false' }} as is_meant,
        '{{ target.unit }}' as unit,
        {{ 'true' if target.is_lower_better else 'false' }} as is_lower_better
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

stated as (

    select
        company_code,
        metric as stated_metric,
        scope as stated_scope,
        period as stated_period,
        value,
        lower({{ dbt.split_part('metric', "':'", 1) }}) as metric,
        -- engines differ in what a part that is not there is
        coalesce(lower({{ dbt.split_part('metric', "':'", 2) }}), '') as variant,
        lower({{ dbt.split_part('scope', "':'", 1) }}) as dimension,
        case
            when instr(scope, ':') > 0 then trim(substring(scope, instr(scope, ':') + 1))
        end as scope_value,
        try_cast(substring(period, 1, 4) as int) as year_no,
        case
            when length(period) = 4 then 1
            when substring(period, 5, 2) in ('-Q', '-q') and length(period) = 7
                then 3 * try_cast(substring(period, 7, 1) as int) - 2
            when substring(period, 5, 1) = '-' and length(period) = 7
                then try_cast(substring(period, 6, 2) as int)
        end as first_month,
        case
            when length(period) = 4 then 12
            when substring(period, 5, 2) in ('-Q', '-q') then 3
            else 1
        end as month_count,
        known_from,
        _source,
        _load_id,
        _file,
        _row
    from ({{ current_version('target') }}) as version

),

judged as (

    select
        stated.*,
        metric.unit,
        metric.is_lower_better,
        metric.variant as bound_variant,
        case
            when metric.metric is null then 'unknown_metric'
            when
                dimension not in ({{ dimensions }})
                or (dimension in ('group', 'company')) = (coalesce(scope_value, '') <> '')
                then 'unknown_scope'
            when year_no is null or year_no < 1900 or coalesce(first_month, 0) not between 1 and 12
                then 'unreadable_period'
            when metric.unit = 'ratio' and abs(value) > 1 then 'not_a_share'
        end as reason
    from stated
    left join metric
        on
            stated.metric = metric.metric
            and case when stated.variant = '' then metric.is_meant
                else stated.variant = metric.variant end

),

compared as (

    select
        *,
        case
            when dimension = 'group' then '*'
            when dimension = 'company' then company_code
            else scope_value
        end as dimension_value
    from judged
    where reason is null

),

chosen as (

    -- the same figure may be meant in two ways, or by two companies
    select
        *,
        min(value) over same_target <> max(value) over same_target as is_conflicting,
        row_number() over (
            partition by
                dimension, dimension_value, metric, bound_variant, year_no, first_month, month_count
            order by known_from desc, _load_id desc, _row desc
        ) as choice_no
    from compared
    window same_target as (
        partition by
            dimension, dimension_value, metric, bound_variant, year_no, first_month, month_count
    )

),

readable as (

    select
        *,
        make_date(year_no, first_month, 1) as period_start,
        {{ month_end('make_date(year_no, first_month + month_count - 1, 1)') }} as period_end,
        case when is_conflicting then 'conflicting_targets' end as bound_reason
    from chosen
    where choice_no = 1

),

final as (

    select
        company_code, stated_metric, stated_scope, stated_period, value,
        dimension, dimension_value, metric, bound_variant as variant, unit, is_lower_better,
        period_start, period_end, month_count, bound_reason as reason,
        known_from, _source, _load_id, _file, _row
    from readable
    union all
    select
        company_code, stated_metric, stated_scope, stated_period, value,
        cast(null as {{ dbt.type_string() }}), cast(null as {{ dbt.type_string() }}),
        cast(null as {{ dbt.type_string() }}), cast(null as {{ dbt.type_string() }}),
        cast(null as {{ dbt.type_string() }}), cast(null as boolean),
        cast(null as date), cast(null as date), cast(null as int), reason,
        known_from, _source, _load_id, _file, _row
    from judged
    where reason is not null

)

select * from final
