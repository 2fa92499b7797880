{#- Bucket schemes are policy data: the shipped seed, or the company's own table of the same shape.
    -#}
with

final as (

    select
        scheme,
        scheme_label_zh,
        scheme_label_en,
        -- as the macros of a release read them
        coalesce(basis, 'due_date') as basis,
        coalesce(unit, 'day') as unit,
        cast(bucket_no as int) as bucket_no,
        bucket,
        cast(nullif(cast(lower_bound as {{ dbt.type_string() }}), '') as int) as lower_bound,
        cast(nullif(cast(upper_bound as {{ dbt.type_string() }}), '') as int) as upper_bound,
        label_zh,
        label_en,
        {{ policy_approval() }}
    from {{ policy_table('policy_aging_bucket') }}

),

in_force as (

    select
        {{ dense_key(['scheme', 'bucket_no']) }} as bucket_key,
        *
    from final
    where {{ is_in_force() }}

)

select * from in_force
