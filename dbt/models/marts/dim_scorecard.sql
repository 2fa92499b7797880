with

component as (

    select * from {{ ref('int_rating__component') }}

),

band as (

    select * from {{ ref('int_rating__band') }}

),

final as (

    select
        cast(component.component_no as int) as component_no,
        cast(component.component as {{ dbt.type_string() }}) as component,
        cast(component.label_zh as {{ dbt.type_string() }}) as label_zh,
        cast(component.label_en as {{ dbt.type_string() }}) as label_en,
        cast(component.weight as decimal(9, 6)) as weight,
        cast(band.band_no as int) as band_no,
        cast(band.state as {{ dbt.type_string() }}) as state,
        cast(band.at_least as decimal(18, 6)) as at_least,
        cast(band.at_most as decimal(18, 6)) as at_most,
        cast(band.below as decimal(18, 6)) as below,
        cast(band.count_at_least as int) as count_at_least,
        cast(band.points as decimal(9, 6)) as points,
        cast(band.policy_version as {{ dbt.type_string() }}) as policy_version,
        cast(band.valid_from as date) as valid_from,
        cast(band.valid_to as date) as valid_to,
        cast(band.approved_by as {{ dbt.type_string() }}) as approved_by,
        cast(band.approved_on as date) as approved_on
    from component
    inner join band
        on component.component = band.component

)

select * from final
