with

score as (

    select
        coalesce(company_code, '*') as company_code,
        horizon,
        candidate,
        origin,
        scored_count,
        loss,
        late_share,
        auc,
        mean_absolute_days,
        band_coverage
    from {{ predicted('prediction_score') }}

),

champion as (

    select * from {{ predicted('prediction_champion') }}

),

past_cash as (

    select
        *,
        abs(expected - actual) as absolute_error,
        case
            when low is null then null
            when actual >= low and actual <= high then 1.0
            else 0.0
        end as is_held
    from {{ ref('int_prediction__past_cash') }}
    where target = 'open_items'

),

cash_reading as (
    {#- Each company and all of them, each day and all of them: four readings of the same rows. #}
    {% for company in ["company_code", "'*'"] -%}
    {%- for day in ['origin', 'cast(null as date)'] %}
    select
        {{ company }} as company_code,
        {{ day }} as origin,
        forecaster,
        is_champion,
        actual,
        absolute_error,
        is_held
    from past_cash
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

cash_score as (

    select
        company_code,
        'cash' as horizon,
        forecaster as candidate,
        origin,
        count(*) as scored_count,
        case when sum(actual) > 0 then sum(absolute_error) / sum(actual) end as loss,
        avg(is_held) as band_coverage,
        is_champion
    from cash_reading
    group by company_code, forecaster, origin, is_champion

),

line as (

    select
        score.*,
        champion.champion is not null as is_champion,
        champion.reason
    from score
    left join champion
        on
            score.company_code = champion.company_code
            and score.horizon = champion.horizon
            and score.candidate = champion.champion
    union all
    select
        company_code,
        horizon,
        candidate,
        origin,
        scored_count,
        loss,
        null as late_share,
        null as auc,
        null as mean_absolute_days,
        band_coverage,
        is_champion,
        case when is_champion then 'lowest error over all companies' end as reason
    from cash_score

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(horizon as {{ dbt.type_string() }}) as horizon,
        cast(candidate as {{ dbt.type_string() }}) as model,
        cast(origin as date) as predicted_on,
        cast(scored_count as bigint) as scored_count,
        cast(loss as decimal(18, 6)) as loss,
        cast(late_share as decimal(9, 6)) as late_share,
        cast(auc as decimal(9, 6)) as auc,
        cast(mean_absolute_days as decimal(18, 6)) as mean_absolute_days,
        cast(band_coverage as decimal(9, 6)) as band_coverage,
        cast(
            case
                when horizon = 'cash' and loss is null then 'nothing_received'
                when horizon like 'late%' and auc is null then 'one_outcome_only'
            end as {{ dbt.type_string() }}
        ) as reason_when_null,
        cast(is_champion as boolean) as is_champion,
        cast(reason as {{ dbt.type_string() }}) as reason
    from line

)

select * from final
