{#- How limits are read: from which utilisation a customer is near its limit, and whether the limit
    of a head of a group binds the whole group. The shipped seed, or the company's own table of the
    same shape. -#}
with

final as (

    select
        cast(near_limit_rate as decimal(9, 6)) as near_limit_rate,
        head_limit_binds,
        policy_version,
        cast(nullif(cast(valid_from as {{ dbt.type_string() }}), '') as date) as valid_from,
        cast(nullif(cast(valid_to as {{ dbt.type_string() }}), '') as date) as valid_to
    from {{ policy_table('policy_credit_limit') }}

),

in_force as (

    select *
    from final
    where
        (valid_from is null or valid_from <= {{ as_of() }})
        and (valid_to is null or valid_to >= {{ as_of() }})
    qualify row_number() over (order by valid_from desc nulls last) = 1

)

select * from in_force
