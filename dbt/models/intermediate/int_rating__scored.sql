{{ config(materialized='table') }}

{#- Points of each component of the scorecard per party and evaluation, with those that it had the
    evaluation before. The first band that fits gives the points; of several outside events the one
    that leaves fewest. -#}
with

placed as (

    select
        measured.*,
        component.component_no,
        component.weight,
        band.points,
        coalesce(component.policy_version, band.policy_version) as policy_version,
        row_number() over (
            partition by
                measured.party_id, measured.month_no, measured.component, measured.state,
                measured.source_key, measured.data_on
            order by band.band_no
        ) as fit_no
    from {{ ref('int_rating__measured') }} as measured
    inner join {{ ref('int_rating__component') }} as component
        on measured.component = component.component
    left join {{ ref('int_rating__band') }} as band
        on
            measured.component = band.component
            and measured.reason_missing is null
            and (band.state is null or band.state = measured.state)
            and (band.at_least is null or measured.value >= band.at_least)
            and (band.at_most is null or measured.value <= band.at_most)
            and (band.below is null or measured.value < band.below)
            and (band.count_at_least is null or measured.value_count >= band.count_at_least)

),

single as (

    select *
    from placed
    where fit_no = 1
    qualify row_number() over (
        partition by party_id, month_no, component
        order by points, data_on desc, source_key
    ) = 1

),

final as (

    select
        party_id,
        month_no,
        component_no,
        component,
        state,
        value,
        value_count,
        weight,
        points,
        lag(points) over along as points_before,
        reason_missing,
        source_model,
        case when reason_missing is null then source_key end as source_key,
        data_on,
        policy_version
    from single
    window along as (partition by party_id, component order by month_no)

)

select * from final
