{#- What the expected credit loss would be if one assumption were otherwise (policy section 6 rule
    7). Individually assessed customers, fixed rates and overlays stay as they are; the loss given
    default moves only rates out of own history, for the policy's rates have none. -#}
with

loss as (

    select
        company_code,
        segment,
        segment_no,
        sensitivity,
        {% for basis in ['functional', 'reporting'] -%}
        sum(covered_loss_{{ basis }} + uncovered_loss_{{ basis }}) as loss_{{ basis }},
        {% endfor -%}
        sum(exposure_reporting) as exposure_reporting
    from {{ ref('int_provision__priced') }}
    where months_back = 0 and not is_beside
    group by company_code, segment, segment_no, sensitivity

),

overlay as (

    select
        company_code,
        segment,
        segment_no,
        sum(overlay_functional) as overlay_functional,
        sum(overlay_reporting) as overlay_reporting
    from {{ ref('mart_expected_credit_loss') }}
    where component = 'overlay'
    group by company_code, segment, segment_no

),

cases as (

    select distinct sensitivity
    from {{ ref('int_provision__matrix') }}

),

owner as (

    select distinct company_code, segment, segment_no
    from loss
    union distinct
    select company_code, segment, segment_no
    from overlay

),

joined as (

    select
        owner.company_code,
        owner.segment,
        owner.segment_no,
        cases.sensitivity,
        coalesce(loss.exposure_reporting, 0) as exposure_reporting,
        {% for basis in ['functional', 'reporting'] -%}
        coalesce(loss.loss_{{ basis }}, 0) + coalesce(overlay.overlay_{{ basis }}, 0)
            as loss_{{ basis }}{{ ',' if not loop.last }}
        {% endfor %}
    from owner
    cross join cases
    left join loss
        on
            owner.company_code = loss.company_code
            and owner.segment = loss.segment
            and cases.sensitivity = loss.sensitivity
    left join overlay
        on owner.company_code = overlay.company_code and owner.segment = overlay.segment

),

compared as (

    select
        *,
        {% for basis in ['functional', 'reporting'] -%}
        max(case when sensitivity = 'base' then loss_{{ basis }} end)
            over (partition by company_code, segment) as base_{{ basis }}{{ ',' if not loop.last }}
        {% endfor %}
    from joined

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(segment_no as int) as segment_no,
        cast(segment as {{ dbt.type_string() }}) as segment,
        cast(sensitivity as {{ dbt.type_string() }}) as sensitivity,
        cast(exposure_reporting as decimal(18, 2)) as exposure_reporting,
        {% for basis in ['functional', 'reporting'] -%}
        cast(loss_{{ basis }} as decimal(18, 2)) as expected_credit_loss_{{ basis }},
        cast(loss_{{ basis }} - base_{{ basis }} as decimal(18, 2))
            as change_{{ basis }}{{ ',' if not loop.last }}
        {% endfor %}
    from compared

)

select * from final
