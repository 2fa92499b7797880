{{ config(materialized='table') }}

{#- When the period of each claim ends after all that restarted it. An act restarts a period that still
    runs: acts in order, the first that comes after the end of the period in force breaks the chain.
    Two chains: of the certain acts, whose end is the earliest possible one; and of all that may have
    been one, in which an acknowledgement after the end revives the claim (Civil Code 192). -#}
with

claim as (

    select
        open_item_id,
        agreed_due_date,
        years,
        first_deadline_date
    from {{ ref('int_limitation__claim') }}

),

restart as (

    select * from {{ ref('int_limitation__restart') }}

),

effective as (

    select *
    from {{ ref('int_limitation__certain') }}
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
