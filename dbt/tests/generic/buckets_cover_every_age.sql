{#- A scheme leaves no age out and counts none twice, and has its unapplied bucket: else buckets
    cannot sum to what is outstanding (rule 1). -#}
{% test buckets_cover_every_age(model) %}
with

aged as (

    select
        scheme,
        bucket,
        coalesce(lower_bound, -100000) as lower_bound,
        coalesce(upper_bound, 100000) as upper_bound
    from {{ model }}
    where bucket <> 'unapplied'

),

chained as (

    select
        *,
        lead(lower_bound) over (partition by scheme order by lower_bound) as next_lower_bound
    from aged

),

gap as (

    select scheme, bucket, 'gap or overlap after this bucket' as problem
    from chained
    where next_lower_bound is not null and next_lower_bound <> upper_bound + 1

),

open_end as (

    select scheme, cast(null as {{ dbt.type_string() }}) as bucket,
        'does not run from the first age to the last' as problem
    from aged
    group by scheme
    having min(lower_bound) > -100000 or max(upper_bound) < 100000

),

no_unapplied as (

    select scheme, cast(null as {{ dbt.type_string() }}) as bucket,
        'has not exactly one unapplied bucket' as problem
    from {{ model }}
    group by scheme
    having sum(case when bucket = 'unapplied' then 1 else 0 end) <> 1

)

select * from gap
union all
select * from open_end
union all
select * from no_unapplied
{% endtest %}
