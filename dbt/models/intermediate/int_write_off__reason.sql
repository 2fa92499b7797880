{{ config(materialized='table') }}

{#- Every write-off and recovery of an item, and whether it is a credit loss: a bank charge or a
    rounding difference that is written off says nothing about who pays (policy_write_off_reason).
    A reason that the policy does not name is one. -#}
with

write_off as (

    select distinct
        open_item_id,
        company_code,
        allocation_id
    from {{ ref('fct_receivable_movement') }}
    where
        known_to = {{ end_of_time() }}
        and movement_kind in ('write_off', 'write_off_recovery')
        and allocation_id is not null

),

allocation as (

    {{ current_version('allocation') }}

),

offered as (

    select
        reason,
        cast({{ policy_text('is_credit_loss') }} as boolean) as is_credit_loss,
        {{ policy_approval() }}
    from {{ policy_table('policy_write_off_reason') }}

),

in_force as (

    select
        lower(reason) as reason,
        min(case when is_credit_loss then 1 else 0 end) = 1 as is_credit_loss
    from offered
    where {{ is_in_force() }}
    group by lower(reason)

),

final as (

    select
        write_off.open_item_id,
        write_off.allocation_id,
        allocation.reason,
        coalesce(in_force.is_credit_loss, true) as is_credit_loss
    from write_off
    left join allocation
        on
            write_off.company_code = allocation.company_code
            and write_off.allocation_id = allocation.allocation_id
    left join in_force
        on lower(allocation.reason) = in_force.reason

)

select * from final
