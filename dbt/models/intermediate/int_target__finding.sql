{{ config(materialized='view') }}

{#- Targets that nothing can be held against, and why (mart_data_quality publishes it). -#}
with

final as (

    select
        'unread_target' as rule,
        'warning' as severity,
        company_code,
        'target' as entity,
        stated_metric || ' ' || stated_scope || ' ' || stated_period as record_id,
        case reason
            when 'unknown_metric' then 'no metric of this name is measured'
            when 'unknown_scope'
                then 'its scope is neither company, group nor a dimension with a value'
            when 'unreadable_period'
                then 'its period is neither YYYY, YYYY-Qn nor YYYY-MM'
            when 'not_a_share' then 'a share is given as 0.12, not as 12'
            when 'conflicting_targets' then 'several targets are set for the same'
        end as detail,
        cast(null as decimal(18, 2)) as amount_document,
        cast(null as {{ dbt.type_string() }}) as currency,
        _load_id,
        _row
    from {{ ref('int_target__bound') }}
    where reason is not null

)

select * from final
