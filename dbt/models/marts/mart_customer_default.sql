{#- A spell begins on the first day with a reason and is cured after so many days with none; a
    reason within them goes on with it. -#}
with

condition as (

    select * from {{ ref('int_default__condition') }}

),

lined_up as (

    select
        *,
        max(effective_to) over (
            partition by party_id
            order by effective_from, effective_to, reason
            rows between unbounded preceding and 1 preceding
        ) as ended_before
    from condition

),

numbered as (

    select
        *,
        sum(
            case
                when ended_before is null then 1
                when effective_from
                    >= {{ add_days('ended_before', policy_value('default_cure_days')) }} then 1
                else 0
            end
        ) over (
            partition by party_id
            order by effective_from, effective_to, reason
            rows between unbounded preceding and current row
        ) as spell_no
    from lined_up

),

spell as (

    select
        party_id,
        spell_no,
        min(effective_from) as defaulted_on,
        min_by(
            reason,
            -- of reasons that begin on one day the order of the policy decides
            {{ days_between(start_of_days(), 'effective_from') }} * 10 + case reason
                when 'overdue' then 1 when 'insolvency' then 2 when 'dishonest_debtor' then 3
                when 'write_off' then 4 when 'forbearance' then 5 else 6 end
        ) as first_reason,
        max(effective_to) as reasons_ended_on,
        {% for reason in ['overdue', 'insolvency', 'dishonest_debtor', 'write_off', 'forbearance',
            'dishonoured_bill'] -%}
        max(case when reason = '{{ reason }}' then 1 else 0 end) = 1 as has_{{ reason }},
        {% endfor -%}
        max(case when reason = 'overdue' then amount_reporting end) as largest_overdue
    from numbered
    group by party_id, spell_no

),

cured as (

    select
        *,
        case
            when reasons_ended_on <= {{ as_of() }}
                then {{ add_days('reasons_ended_on', policy_value('default_cure_days')) }}
        end as cured_on
    from spell

),

final as (

    select
        cast(cured.party_id as {{ dbt.type_string() }}) as party_id,
        cast(cured.spell_no as int) as spell_no,
        cast(cured.defaulted_on as date) as defaulted_on,
        cast(cured.first_reason as {{ dbt.type_string() }}) as first_reason,
        {% for reason in ['overdue', 'insolvency', 'dishonest_debtor', 'write_off', 'forbearance',
            'dishonoured_bill'] -%}
        cast(cured.has_{{ reason }} as boolean) as has_{{ reason }},
        {% endfor -%}
        cast(cured.largest_overdue as decimal(18, 2)) as largest_overdue_reporting,
        cast(case when cured.reasons_ended_on <= {{ as_of() }} then cured.reasons_ended_on end
            as date) as reasons_ended_on,
        cast(case when cured.cured_on <= {{ as_of() }} then cured.cured_on end as date) as cured_on,
        cast(coalesce(cured.cured_on > {{ as_of() }}, true) as boolean) as is_in_default,
        cast(policy.policy_version as {{ dbt.type_string() }}) as policy_version
    from cured
    inner join {{ ref('int_policy__parameter') }} as policy
        on policy.parameter = 'default_days_past_due'

)

select * from final
