{#- Published rates that late interest refers to, each with the days [rate_from, rate_to) it serves:
    until the next one, or to its own last day. After `confirmed_until` nobody has looked whether a
    newer one was published. A day without a rate has no row. -#}
with

typed as (

    select
        reference,
        cast(rate as decimal(18, 9)) as rate,
        {% for column in ['rate_from', 'rate_until', 'confirmed_until'] -%}
        cast(nullif(cast({{ column }} as {{ dbt.type_string() }}), '') as date) as {{ column }},
        {% endfor -%}
        {{ policy_approval() }}
    from {{ policy_table('policy_reference_rate') }}

),

final as (

    select
        reference,
        rate,
        rate_from,
        least(
            coalesce({{ add_days('rate_until', 1) }}, {{ end_of_days() }}),
            coalesce(
                lead(rate_from) over (partition by reference order by rate_from),
                {{ end_of_days() }}
            )
        ) as rate_to,
        confirmed_until,
        policy_version
    from typed
    where {{ is_in_force() }}

)

select * from final
