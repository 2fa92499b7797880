{#- Contacts with customers. Two flags say what else would have to be asked of all of them each time that somebody opens
    a page: which contact is a customer's last, and which steps of the reminder ladder stand (DECISIONS 51). -#}
with

current_version as (

    {{ current_version('collection_activity') }}

),

named as (

    select
        {{ plain_stage('stage') }} as stage,
        cast({{ policy_text('step_no') }} as int) as step_no,
        {{ policy_approval() }}
    from {{ policy_table('policy_ladder_stage') }}

),

in_force as (

    select
        stage,
        max(step_no) as step_no
    from named
    where {{ is_in_force() }}
    group by stage

),

plain as (

    select
        *,
        {{ plain_stage('stage') }} as plain_stage,
        cast(happened_at as date) as happened_on
    from current_version

),

activity as (

    select
        plain.*,
        -- the policy's word first: a company whose stages are numbers of its own says so there
        coalesce(in_force.step_no, {{ numbered_step('plain.plain_stage') }}) as ladder_step
    from plain
    left join in_force
        on plain.plain_stage = in_force.stage

),

newest as (

    select
        company_code,
        activity_id
    from activity
    where happened_on <= {{ as_of() }}
    qualify row_number() over (
        partition by company_code, customer_id
        order by happened_at desc, activity_id desc
    ) = 1

),

open_document as (

    select distinct
        company_code,
        document_id
    from {{ ref('mart_aging') }}
    where open_amount_document > 0

),

standing as (

    select
        activity.company_code,
        activity.activity_id
    from activity
    left join open_document
        on
            activity.company_code = open_document.company_code
            and activity.document_id = open_document.document_id
    where
        activity.happened_on <= {{ as_of() }}
        and activity.ladder_step is not null
        and (activity.document_id is null or open_document.document_id is not null)
    qualify row_number() over (
        partition by
            activity.company_code, activity.customer_id, activity.document_id, activity.ladder_step
        order by activity.happened_at desc, activity.activity_id desc
    ) = 1

),

final as (

    select
        cast(activity.company_code as {{ dbt.type_string() }}) as company_code,
        cast(activity.activity_id as {{ dbt.type_string() }}) as activity_id,
        cast(activity.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(activity.document_id as {{ dbt.type_string() }}) as document_id,
        cast(activity.happened_at as timestamp) as happened_at,
        cast(activity.happened_on as date) as happened_on,
        cast(activity.channel as {{ dbt.type_string() }}) as channel,
        cast(activity.stage as {{ dbt.type_string() }}) as stage,
        cast(activity.ladder_step as int) as ladder_step,
        cast(activity.outcome as {{ dbt.type_string() }}) as outcome,
        cast(activity.overdue_reason as {{ dbt.type_string() }}) as overdue_reason,
        cast(activity.evidence_kind as {{ dbt.type_string() }}) as evidence_kind,
        cast(activity.reached_on as date) as reached_on,
        cast(activity.owner as {{ dbt.type_string() }}) as owner,
        cast(newest.activity_id is not null as boolean) as is_newest,
        cast(standing.activity_id is not null as boolean) as is_standing_step,
        {{ provenance() }}
    from activity
    left join newest
        on
            activity.company_code = newest.company_code
            and activity.activity_id = newest.activity_id
    left join standing
        on
            activity.company_code = standing.company_code
            and activity.activity_id = standing.activity_id

)

-- what stands and who was last spoken to lie together, so that lists of all customers skip the rest; all by customer,
-- so that a page of one reads its part alone
select * from final
order by is_standing_step, is_newest, company_code, customer_id
