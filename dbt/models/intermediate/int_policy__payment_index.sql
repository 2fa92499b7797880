{#- The curve from days beyond terms to the index of payment, as stretches between two break points;
    beyond the first and the last it is level. -#}
with

point as (

    select
        cast(days_beyond_terms as decimal(18, 6)) as days,
        cast(index_value as decimal(18, 6)) as index_value,
        {{ policy_approval() }}
    from {{ policy_table('policy_payment_index') }}

),

in_force as (

    select *
    from point
    where {{ is_in_force() }}

),

stretch as (

    select
        days as days_from,
        lead(days) over (order by days) as days_to,
        index_value as index_from,
        lead(index_value) over (order by days) as index_to,
        policy_version
    from in_force

),

final as (

    select
        cast(-9999999 as decimal(18, 6)) as days_from,
        min_by(days_from, days_from) as days_to,
        min_by(index_from, days_from) as index_from,
        min_by(index_from, days_from) as index_to,
        min(policy_version) as policy_version
    from stretch
    union all
    select
        days_from,
        coalesce(days_to, cast(9999999 as decimal(18, 6))) as days_to,
        index_from,
        coalesce(index_to, index_from) as index_to,
        policy_version
    from stretch

)

select * from final
