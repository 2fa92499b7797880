{#- The expected credit loss of everything that is owed (IFRS 9 5.5.15, CAS 22), in the currency of
    the books and in that of the group. Overlays of the policy are rows of their own. -#}
{%- set measures = ['open_amount', 'absorbed', 'exposure', 'covered', 'uncovered', 'covered_base',
    'uncovered_base', 'covered_loss', 'uncovered_loss'] -%}
with

company as (

    select
        company_code,
        functional_currency
    from {{ ref('int_company') }}

),

rate as (

    select
        company_code,
        currency,
        rate_to_reporting
    from {{ ref('int_fx_rate__closing') }}
    where day = {{ as_of() }}

),

matrix as (

    select
        company_code,
        'matrix' as component,
        segment,
        segment_no,
        rate_segment,
        method,
        presentation,
        used_aging as aging,
        used_bucket as bucket,
        is_beside,
        max(rate_source) as rate_source,
        {% for column in ['default_probability', 'loss_given_default', 'loss_rate',
            'forward_factor', 'cover_rate'] -%}
        max({{ column }}) as {{ column }},
        {% endfor -%}
        -- customers assessed by themselves share a row: theirs is a mean
        case
            when min(rate) = max(rate) then max(rate)
            else {{ rate_of('sum(uncovered_loss_reporting)', 'sum(uncovered_base_reporting)') }}
        end as rate,
        {% for basis in ['functional', 'reporting'] -%}
        {% for measure in measures -%}
        sum({{ measure }}_{{ basis }}) as {{ measure }}_{{ basis }},
        {% endfor -%}
        0 as overlay_{{ basis }},
        {% endfor -%}
        sum(item_count) as item_count,
        sum(unconverted_count) as unconverted_count,
        cast(null as {{ dbt.type_string() }}) as overlay_reason,
        cast(null as {{ dbt.type_string() }}) as approved_by,
        cast(null as date) as expires_on,
        policy_version,
        max(fallback_policy_version) as fallback_policy_version
    from {{ ref('int_provision__priced') }}
    where months_back = 0 and sensitivity = 'base'
    group by
        company_code, segment, segment_no, rate_segment, method, presentation, used_aging,
        used_bucket, is_beside, policy_version

),

offered as (

    select
        company_code,
        segment,
        coalesce({{ policy_text('bucket') }}, '*') as bucket,
        cast({{ policy_text('amount') }} as decimal(18, 2)) as amount,
        {{ policy_text('currency') }} as currency,
        reason,
        cast({{ policy_text('expires_on') }} as date) as expires_on,
        {{ policy_approval() }}
    from {{ policy_table('policy_loss_overlay') }}

),

decided as (

    select *
    from offered
    where {{ is_in_force() }} and (expires_on is null or expires_on >= {{ as_of() }})

),

overlay as (

    select
        decided.company_code,
        segment.segment,
        segment.segment_no,
        segment.presentation,
        decided.bucket,
        sum(
            case
                when coalesce(decided.currency, company.functional_currency)
                    = company.functional_currency then decided.amount
                else {{ money_times_rate('decided.amount',
                    rate_of('own_rate.rate_to_reporting', 'functional_rate.rate_to_reporting')) }}
            end
        ) as overlay_functional,
        sum({{ money_times_rate('decided.amount', 'own_rate.rate_to_reporting') }})
            as overlay_reporting,
        sum(case when own_rate.rate_to_reporting is null then 1 else 0 end) as unconverted_count,
        min(decided.reason) as overlay_reason,
        min(decided.approved_by) as approved_by,
        min(decided.expires_on) as expires_on,
        decided.policy_version
    from decided
    inner join company
        on decided.company_code = company.company_code
    inner join {{ ref('int_provision__segment') }} as segment
        on decided.segment = segment.segment
    left join rate as own_rate
        on
            decided.company_code = own_rate.company_code
            and coalesce(decided.currency, company.functional_currency) = own_rate.currency
    left join rate as functional_rate
        on
            company.company_code = functional_rate.company_code
            and company.functional_currency = functional_rate.currency
    group by
        decided.company_code, segment.segment, segment.segment_no, segment.presentation,
        decided.bucket, decided.policy_version

),

line as (

    select * from matrix
    union all
    select
        company_code,
        'overlay' as component,
        segment,
        segment_no,
        segment as rate_segment,
        'overlay' as method,
        presentation,
        '*' as aging,
        bucket,
        false as is_beside,
        'overlay' as rate_source,
        null as default_probability,
        null as loss_given_default,
        null as loss_rate,
        null as forward_factor,
        null as cover_rate,
        null as rate,
        {% for basis in ['functional', 'reporting'] -%}
        {% for measure in measures -%}
        0 as {{ measure }}_{{ basis }},
        {% endfor -%}
        overlay_{{ basis }},
        {% endfor -%}
        0 as item_count,
        unconverted_count,
        overlay_reason,
        approved_by,
        expires_on,
        policy_version,
        null as fallback_policy_version
    from overlay

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(line.company_code as {{ dbt.type_string() }}) as company_code,
        cast(line.component as {{ dbt.type_string() }}) as component,
        cast(line.segment_no as int) as segment_no,
        cast(line.segment as {{ dbt.type_string() }}) as segment,
        cast(line.rate_segment as {{ dbt.type_string() }}) as rate_segment,
        cast(line.method as {{ dbt.type_string() }}) as method,
        cast(line.presentation as {{ dbt.type_string() }}) as presentation,
        cast(line.aging as {{ dbt.type_string() }}) as aging,
        cast(line.bucket as {{ dbt.type_string() }}) as bucket,
        cast(line.is_beside as boolean) as is_beside,
        cast(company.functional_currency as {{ dbt.type_string() }}) as functional_currency,
        {% for basis in ['functional', 'reporting'] -%}
        {% for measure in measures -%}
        cast(line.{{ measure }}_{{ basis }} as decimal(18, 2)) as {{ measure }}_{{ basis }},
        {% endfor -%}
        cast(line.overlay_{{ basis }} as decimal(18, 2)) as overlay_{{ basis }},
        cast(
            line.covered_loss_{{ basis }} + line.uncovered_loss_{{ basis }}
            + line.overlay_{{ basis }} as decimal(18, 2)
        ) as expected_credit_loss_{{ basis }},
        {% endfor -%}
        cast(line.rate_source as {{ dbt.type_string() }}) as rate_source,
        cast(line.default_probability as decimal(18, 9)) as default_probability,
        cast(line.loss_given_default as decimal(18, 9)) as loss_given_default,
        cast(line.loss_rate as decimal(18, 9)) as loss_rate,
        cast(line.forward_factor as decimal(9, 6)) as forward_factor,
        cast(line.rate as decimal(18, 9)) as rate,
        cast(line.cover_rate as decimal(18, 9)) as cover_rate,
        cast(line.item_count as bigint) as item_count,
        cast(line.unconverted_count as bigint) as unconverted_count,
        cast(line.overlay_reason as {{ dbt.type_string() }}) as overlay_reason,
        cast(line.approved_by as {{ dbt.type_string() }}) as approved_by,
        cast(line.expires_on as date) as expires_on,
        cast(line.policy_version as {{ dbt.type_string() }}) as policy_version,
        cast(line.fallback_policy_version as {{ dbt.type_string() }}) as fallback_policy_version
    from line
    inner join company
        on line.company_code = company.company_code

)

select * from final
