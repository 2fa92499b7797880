{%- set ages = {
    '0_to_30': 'days_open <= 30', '31_to_60': 'days_open between 31 and 60',
    '61_to_90': 'days_open between 61 and 90', 'over_90': 'days_open > 90'
} -%}
with

month as (

    select
        company.company_code,
        month.month_start,
        month.period_end,
        month.is_complete
    from {{ ref('int_kpi__month') }} as month
    cross join {{ ref('int_company') }} as company

),

valued as (

    select
        day,
        company_code,
        days_open,
        disputed_amount_document > 0 and rate_to_reporting is null as is_unconverted,
        {{ money_times_rate('disputed_amount_document', 'rate_to_reporting') }} as disputed_amount,
        {{ money_times_rate('overdue_amount_document', 'rate_to_reporting') }} as overdue_amount
    from {{ ref('int_dispute__open') }}

),

standing as (

    select
        day,
        company_code,
        count(*) as open_count,
        sum(case when is_unconverted then 1 else 0 end) as unconverted_count,
        coalesce(sum(disputed_amount), 0) as disputed_amount,
        coalesce(sum(overdue_amount), 0) as overdue_amount
        {%- for age, condition in ages.items() %},
        sum(case when {{ condition }} then 1 else 0 end) as count_{{ age }},
        coalesce(sum(case when {{ condition }} then disputed_amount end), 0) as amount_{{ age }}
        {%- endfor %}
    from valued
    group by day, company_code

),

opened as (

    select
        company_code,
        {{ month_start('opened_on') }} as month_start,
        count(*) as opened_count
    from {{ ref('mart_dispute') }}
    group by company_code, {{ month_start('opened_on') }}

),

closed as (

    select
        company_code,
        {{ month_start('closed_on') }} as month_start,
        processing_days,
        row_number() over (
            partition by company_code, {{ month_start('closed_on') }}
            order by processing_days, dispute_id
        ) as place_no,
        count(*) over (partition by company_code, {{ month_start('closed_on') }}) as closed_count
    from {{ ref('mart_dispute') }}
    where not is_open

),

processed as (

    select
        company_code,
        month_start,
        max(closed_count) as closed_count,
        sum(processing_days) as processing_days,
        -- the middle one, or both of them
        sum(case when 2 * place_no between closed_count and closed_count + 2 then processing_days
            else 0 end) as median_days,
        sum(case when 2 * place_no between closed_count and closed_count + 2 then 1 else 0 end)
            as median_count
    from closed
    group by company_code, month_start

),

final as (

    select
        cast(month.company_code as {{ dbt.type_string() }}) as company_code,
        cast(month.period_end as date) as period_end,
        cast(month.is_complete as boolean) as is_complete_month,
        cast(coalesce(opened.opened_count, 0) as bigint) as opened_count,
        cast(coalesce(processed.closed_count, 0) as bigint) as closed_count,
        cast(coalesce(standing.open_count, 0) as bigint) as open_count,
        cast(coalesce(standing.unconverted_count, 0) as bigint) as unconverted_count,
        cast(coalesce(standing.disputed_amount, 0) as decimal(18, 2))
            as disputed_amount_reporting,
        cast(coalesce(standing.overdue_amount, 0) as decimal(18, 2)) as overdue_amount_reporting,
        {% for age in ages -%}
        cast(coalesce(standing.count_{{ age }}, 0) as bigint) as open_{{ age }}_days_count,
        cast(coalesce(standing.amount_{{ age }}, 0) as decimal(18, 2))
            as open_{{ age }}_days_amount_reporting,
        {% endfor -%}
        {{ ratio_of('standing.overdue_amount', 'standing.disputed_amount') }} as overdue_share,
        {{ ratio_of('processed.processing_days', 'processed.closed_count') }}
            as mean_processing_days,
        {{ ratio_of('processed.median_days', 'processed.median_count') }}
            as median_processing_days,
        cast(
            case when coalesce(standing.disputed_amount, 0) = 0 then 'nothing_disputed' end
            as {{ dbt.type_string() }}
        ) as overdue_share_reason_when_null,
        cast(case when processed.closed_count is null then 'none_closed' end
            as {{ dbt.type_string() }}) as processing_days_reason_when_null
    from month
    left join standing
        on month.company_code = standing.company_code and month.period_end = standing.day
    left join opened
        on month.company_code = opened.company_code and month.month_start = opened.month_start
    left join processed
        on
            month.company_code = processed.company_code
            and month.month_start = processed.month_start

)

select * from final
