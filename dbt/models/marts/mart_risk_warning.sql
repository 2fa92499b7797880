{%- set levels = {0: 'closed', 1: 'notice', 2: 'warning', 3: 'severe'} -%}
with

episode as (

    select
        episode.*,
        episode.closed_on is null as is_open,
        subject.scope,
        subject.party_id,
        subject.company_code,
        subject.customer_id,
        subject.group_id,
        subject.name,
        subject.collector,
        subject.sales_owner,
        subject.country,
        subject.open_item_id,
        subject.document_id
    from {{ ref('int_warning__episode') }} as episode
    inner join {{ ref('int_warning__subject') }} as subject
        on episode.episode_id = subject.episode_id

),

message as (

    select * from {{ ref('int_warning__message') }}

),

ruled as (

    select
        episode.*,
        rule.family,
        rule.name_zh as rule_name_zh,
        rule.name_en as rule_name_en,
        rule.owner_roles,
        rule.states_default,
        rule.action_zh,
        rule.action_en,
        rule.policy_version,
        case when episode.worst_level = 3 then rule.days_to_react_severe
            else rule.days_to_react end as days_to_react
    from episode
    inner join {{ ref('int_warning__rule') }} as rule
        on episode.rule_id = rule.rule_id

),

due as (

    select
        ruled.episode_id,
        reaction.day as react_by
    from ruled
    inner join {{ ref('int_business_day__numbered') }} as today
        on ruled.country = today.country and ruled.worst_since = today.day
    inner join {{ ref('int_business_day__numbered') }} as reaction
        on
            today.country = reaction.country
            and reaction.is_business_day
            and reaction.business_day_no = today.business_day_no + ruled.days_to_react

),

activity as (

    select
        customer.party_id,
        activity.document_id,
        cast(activity.happened_at as date) as day,
        activity.company_code,
        activity.activity_id,
        activity.owner
    from (
        {{ current_version('collection_activity') }}
    ) as activity
    inner join {{ ref('dim_customer') }} as customer
        on
            activity.company_code = customer.company_code
            and activity.customer_id = customer.customer_id

),

-- the first step taken with the customer since it opened, on its document where it is about one
acknowledged as (

    select
        ruled.episode_id,
        min(activity.day) as acknowledged_on,
        min_by(activity.owner, {{ dated_order('activity.day', ['activity.activity_id']) }})
            as acknowledged_by,
        min_by(
            activity.activity_id, {{ dated_order('activity.day', ['activity.activity_id']) }}
        ) as activity_id
    from ruled
    inner join activity
        on
            ruled.party_id = activity.party_id
            and activity.day >= ruled.first_seen_on
            and activity.day <= coalesce(ruled.closed_on, {{ as_of() }})
            and (ruled.document_id is null or activity.document_id = ruled.document_id)
    group by ruled.episode_id

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(ruled.episode_id as {{ dbt.type_string() }}) as episode_id,
        cast(ruled.rule_id as {{ dbt.type_string() }}) as rule_id,
        cast(ruled.rule_name_zh as {{ dbt.type_string() }}) as rule_name_zh,
        cast(ruled.rule_name_en as {{ dbt.type_string() }}) as rule_name_en,
        cast(ruled.family as {{ dbt.type_string() }}) as family,
        cast(ruled.states_default as boolean) as states_default,
        cast(ruled.scope as {{ dbt.type_string() }}) as scope,
        cast(ruled.party_id as {{ dbt.type_string() }}) as party_id,
        cast(ruled.company_code as {{ dbt.type_string() }}) as company_code,
        cast(ruled.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(ruled.name as {{ dbt.type_string() }}) as name,
        cast(ruled.group_id as {{ dbt.type_string() }}) as group_id,
        cast(ruled.open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(ruled.document_id as {{ dbt.type_string() }}) as document_id,
        cast(ruled.first_seen_on as date) as first_seen_on,
        cast(case when ruled.is_open then {{ as_of() }}
            else {{ add_days('ruled.closed_on', -1) }} end as date) as last_seen_on,
        cast(ruled.closed_on as date) as closed_on,
        cast(ruled.is_open as boolean) as is_open,
        cast(ruled.stretch_count as int) as stretch_count,
        cast(case ruled.level {% for level, name in levels.items() -%}
            when {{ level }} then '{{ name }}' {% endfor -%} end as {{ dbt.type_string() }})
            as severity,
        cast(case ruled.worst_level {% for level, name in levels.items() -%}
            when {{ level }} then '{{ name }}' {% endfor -%} end as {{ dbt.type_string() }})
            as worst_severity,
        cast(ruled.worst_since as date) as worst_since,
        cast(ruled.owner_roles as {{ dbt.type_string() }}) as owner_roles,
        cast(case
            when instr(ruled.owner_roles, 'collector') > 0 then ruled.collector
            when instr(ruled.owner_roles, 'sales') > 0 then ruled.sales_owner
        end as {{ dbt.type_string() }}) as owner_name,
        cast(ruled.collector as {{ dbt.type_string() }}) as collector,
        cast(ruled.sales_owner as {{ dbt.type_string() }}) as sales_owner,
        cast(due.react_by as date) as react_by,
        cast(ruled.is_open and acknowledged.episode_id is null and due.react_by < {{ as_of() }}
            as boolean) as is_reaction_overdue,
        cast(acknowledged.acknowledged_on as date) as acknowledged_on,
        cast(acknowledged.acknowledged_by as {{ dbt.type_string() }}) as acknowledged_by,
        cast(acknowledged.activity_id as {{ dbt.type_string() }}) as acknowledged_activity_id,
        cast(message.message_zh as {{ dbt.type_string() }}) as message_zh,
        cast(message.message_en as {{ dbt.type_string() }}) as message_en,
        cast(ruled.action_zh as {{ dbt.type_string() }}) as action_zh,
        cast(ruled.action_en as {{ dbt.type_string() }}) as action_en,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(ruled.policy_version as {{ dbt.type_string() }}) as policy_version
    from ruled
    left join message
        on ruled.episode_id = message.episode_id
    left join due
        on ruled.episode_id = due.episode_id
    left join acknowledged
        on ruled.episode_id = acknowledged.episode_id

)

select * from final
