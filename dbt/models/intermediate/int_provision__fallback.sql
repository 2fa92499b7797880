{#- Loss rates of the policy per segment and bucket, for segments whose own history says too little.
    A rate for all segments is multiplied by the multiple of the segment, at most 100 %; one that
    names the segment is meant as it stands. -#}
with

typed as (

    select
        coalesce({{ policy_text('segment') }}, '*') as segment,
        aging,
        bucket,
        cast({{ policy_text('loss_rate') }} as decimal(18, 9)) as loss_rate,
        {{ policy_approval() }}
    from {{ policy_table('policy_provision_rate') }}

),

in_force as (

    select *
    from typed
    where {{ is_in_force() }}

),

final as (

    select
        segment.segment,
        for_all.aging,
        for_all.bucket,
        case when own.segment is null then segment.fallback_multiple end as fallback_multiple,
        cast(
            coalesce(own.loss_rate, least(for_all.loss_rate * segment.fallback_multiple, 1))
            as decimal(18, 9)
        ) as loss_rate,
        coalesce(own.policy_version, for_all.policy_version) as policy_version
    from {{ ref('int_provision__segment') }} as segment
    inner join in_force as for_all
        on for_all.segment = '*'
    left join in_force as own
        on
            segment.segment = own.segment
            and for_all.aging = own.aging
            and for_all.bucket = own.bucket

)

select * from final
