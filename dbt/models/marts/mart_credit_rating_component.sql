with

final as (

    select
        cast(month.period_end as date) as as_of_day,
        cast(scored.party_id as {{ dbt.type_string() }}) as party_id,
        cast(scored.component_no as int) as component_no,
        cast(scored.component as {{ dbt.type_string() }}) as component,
        cast(component.label_zh as {{ dbt.type_string() }}) as label_zh,
        cast(component.label_en as {{ dbt.type_string() }}) as label_en,
        cast(scored.weight as decimal(9, 6)) as weight,
        cast(scored.state as {{ dbt.type_string() }}) as raw_state,
        cast(scored.value as decimal(18, 6)) as raw_value,
        cast(scored.value_count as bigint) as raw_count,
        cast(scored.points as decimal(9, 6)) as points,
        cast(scored.points_before as decimal(9, 6)) as points_before,
        cast(scored.reason_missing as {{ dbt.type_string() }}) as reason_when_missing,
        cast(scored.source_model as {{ dbt.type_string() }}) as source_model,
        cast(scored.source_key as {{ dbt.type_string() }}) as source_key,
        cast(case when scored.points is not null then scored.data_on end as date) as data_of,
        cast(case when scored.points is not null then
            {{ days_between('scored.data_on', 'month.period_end') }} end as int) as data_age_days,
        cast(scored.policy_version as {{ dbt.type_string() }}) as policy_version
    from {{ ref('int_rating__scored') }} as scored
    inner join {{ ref('int_kpi__month') }} as month
        on scored.month_no = month.month_no
    inner join {{ ref('int_rating__component') }} as component
        on scored.component = component.component

)

select * from final
order by as_of_day desc, party_id, component_no
