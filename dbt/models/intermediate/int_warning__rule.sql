{#- Early-warning rules in force on the as-of date, typed, with their texts. That their names and
    numbers are right is checked where they are compiled (macro warning_rules). -#}
with

rule as (

    select
        rule_id,
        {{ policy_text('family') }} as family,
        {{ policy_text('name_zh') }} as name_zh,
        {{ policy_text('name_en') }} as name_en,
        {{ policy_text('owner_roles') }} as owner_roles,
        {% for days in ['days_to_react', 'days_to_react_severe'] -%}
        cast({{ policy_text(days) }} as int) as {{ days }},
        {% endfor -%}
        {% for flag in ['states_default', 'spreads_in_group', 'is_active'] -%}
        coalesce({{ policy_text(flag) }} = 'true', false) as {{ flag }},
        {% endfor -%}
        {{ policy_approval() }}
    from {{ policy_table('policy_warning_rule') }}

),

sentence as (

    select
        rule_id,
        {{ policy_text('action_zh') }} as action_zh,
        {{ policy_text('action_en') }} as action_en,
        {{ policy_approval() }}
    from {{ policy_table('policy_warning_text') }}

),

sentence_in_force as (

    select
        rule_id,
        action_zh,
        action_en
    from sentence
    where {{ is_in_force() }}

),

final as (

    select
        rule.*,
        sentence_in_force.action_zh,
        sentence_in_force.action_en
    from rule
    left join sentence_in_force
        on rule.rule_id = sentence_in_force.rule_id
    where {{ is_in_force() }} and rule.is_active

)

select * from final
