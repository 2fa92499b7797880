{{ config(materialized='table') }}

{#- When the period of each claim ends after all that restarted it. An act restarts a period that still
    runs: acts in order, the first that comes after the end of the period in force breaks the chain.
    Two chains: of the certain acts, whose end is the earliest possible one; and of all that may have
    been one, in which an acknowledgement after the end revives the claim (Civil Code 192). -#}
with

claim as (

    select
        open_item_id,
        company_code,
        customer_id,
        document_id,
        item_kind,
        fell_due_on,
        agreed_due_date,
        document_date,
        years,
        first_deadline_date,
        demand_restarts,
        acknowledgement_restarts,
        suit_restarts
    from {{ ref('int_limitation__claim') }}

),

act as (

    select * from {{ ref('int_limitation__act') }}

),

-- an act about a document, or about all that the customer owed by then
concerned as (

    {% for about in ['document', 'customer'] -%}
    select
        claim.open_item_id,
        act.act_date,
        act.act_kind,
        act.is_certain,
        act.source_entity,
        act.source_id,
        act._load_id,
        act._row
    from claim
    inner join act
        on
            claim.company_code = act.company_code
            {% if about == 'document' -%}
            and claim.document_id = act.document_id
            and claim.item_kind <> 'bill'
            {%- else -%}
            and claim.customer_id = act.customer_id
            and act.document_id is null
            and act.act_date >= claim.document_date
            {%- endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- before it is due there is no period to restart
restart as (

    select
        concerned.*,
        claim.first_deadline_date,
        {{ add_months('concerned.act_date', 'claim.years * 12') }} as deadline_date,
        concerned.act_kind in ('acknowledgement', 'part_payment') as is_acknowledgement
    from concerned
    inner join claim
        on concerned.open_item_id = claim.open_item_id
    where
        concerned.act_date > claim.fell_due_on
        and case concerned.act_kind
            when 'demand' then claim.demand_restarts
            when 'suit' then claim.suit_restarts
            else claim.acknowledgement_restarts
        end

),

certain as (

    select
        *,
        act_date > greatest(
            first_deadline_date,
            coalesce(lag(deadline_date) over certain_act, first_deadline_date)
        ) as is_too_late
    from restart
    where is_certain
    window certain_act as (
        partition by open_item_id order by act_date, act_kind, source_entity, source_id
    )

),

certain_in_time as (

    select *
    from certain
    qualify sum(case when is_too_late then 1 else 0 end) over (
        partition by open_item_id
        order by act_date, act_kind, source_entity, source_id
        rows between unbounded preceding and current row
    ) = 0

),

effective as (

    select *
    from certain_in_time
    qualify row_number() over (
        partition by open_item_id
        order by act_date desc, act_kind desc, source_entity desc, source_id desc
    ) = 1

),

possible as (

    select
        open_item_id,
        deadline_date,
        act_date > greatest(
            first_deadline_date,
            coalesce(lag(deadline_date) over every_act, first_deadline_date)
        ) and not is_acknowledgement as is_too_late,
        sum(case when is_acknowledgement then 1 else 0 end) over (
            partition by open_item_id
            order by act_date, act_kind, source_entity, source_id
            rows between unbounded preceding and current row
        ) as acknowledgement_no,
        row_number() over every_act as act_no
    from restart
    window every_act as (
        partition by open_item_id order by act_date, act_kind, source_entity, source_id
    )

),

possible_in_time as (

    select *
    from possible
    qualify sum(case when is_too_late then 1 else 0 end) over (
        partition by open_item_id, acknowledgement_no
        order by act_no
        rows between unbounded preceding and current row
    ) = 0

),

latest as (

    select
        open_item_id,
        max(deadline_date) as deadline_date
    from possible_in_time
    group by open_item_id

),

final as (

    select
        claim.open_item_id,
        greatest(
            claim.first_deadline_date,
            coalesce(effective.deadline_date, claim.first_deadline_date)
        ) as deadline_date,
        greatest(
            claim.first_deadline_date,
            coalesce(effective.deadline_date, claim.first_deadline_date),
            coalesce(latest.deadline_date, claim.first_deadline_date),
            -- a later date that was agreed may count for the law as well
            coalesce(
                {{ add_months('claim.agreed_due_date', 'claim.years * 12') }},
                claim.first_deadline_date
            )
        ) as latest_deadline_date,
        effective.act_date as restart_date,
        effective.act_kind as restart_kind,
        effective.source_entity as restart_source,
        effective.source_id as restart_source_id,
        effective._load_id as restart_load_id,
        effective._row as restart_row
    from claim
    left join effective
        on claim.open_item_id = effective.open_item_id
    left join latest
        on claim.open_item_id = latest.open_item_id

)

select * from final
