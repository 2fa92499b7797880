{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Shares are shares of the exposure that mart_credit_exposure has, and the list of the largest is
-- what the tops are made of.
with

exposed as (

    {% for dimension, value in [('group', "'*'"), ('company', 'company_code')] -%}
    select
        '{{ dimension }}' as dimension,
        {{ value }} as dimension_value,
        sum(exposure_reporting) as exposure
    from {{ ref('mart_credit_exposure') }}
    where scope = 'customer' and not is_intragroup
    {{ 'group by company_code' if dimension == 'company' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

listed as (

    select
        dimension,
        dimension_value,
        {% for top in [1, 5, 10] -%}
        sum(case when rank_no <= {{ top }} then exposure_reporting else 0 end) as top_{{ top }},
        {% endfor -%}
        sum({{ money_squared('exposure_reporting') }}) as squared_exposure
    from {{ ref('mart_concentration_member') }}
    group by dimension, dimension_value

)

select
    concentration.*,
    exposed.exposure as exposure_of_customers
from {{ ref('mart_concentration') }} as concentration
inner join exposed
    on
        concentration.dimension = exposed.dimension
        and concentration.dimension_value = exposed.dimension_value
left join listed
    on
        concentration.dimension = listed.dimension
        and concentration.dimension_value = listed.dimension_value
where
    concentration.period_end = {{ as_of() }}
    and (
        concentration.exposure_reporting <> exposed.exposure
        {% for top in [1, 5, 10] -%}
        or concentration.top_{{ top }}_exposure_reporting <> coalesce(listed.top_{{ top }}, 0)
        {% endfor -%}
        or concentration.squared_exposure_reporting < coalesce(listed.squared_exposure, 0)
        or (
            concentration.customer_group_count <= 20
            and concentration.squared_exposure_reporting <> coalesce(listed.squared_exposure, 0)
        )
    )
