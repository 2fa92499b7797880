{%- set measures = net_overdue_ages().keys() | list -%}
{%- set compared = measures + ['oldest_due_date'] -%}
with

measured as (

    {% for knowledge, reading in {'then': 'then', 'now': 'now'}.items() -%}
    select
        '{{ knowledge }}' as knowledge,
        *
    from {{ ref('int_risk__measured_' ~ reading) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

with_previous as (

    select
        *,
        {% for column in compared -%}
        lag({{ column }}) over by_day as previous_{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from measured
    window by_day as (partition by knowledge, party_id order by effective_from)

),

-- steps on which only what is not overdue changed are none here
compared as (

    select
        *,
        {% for column in compared -%}
        coalesce(
            {{ column }} = previous_{{ column }},
            {{ column }} is null and previous_{{ column }} is null
        )
        {{ 'and ' if not loop.last }}
        {%- endfor %} as is_repeated
    from with_previous

),

changed as (

    select *
    from compared
    where not is_repeated

),

spell as (

    select
        *,
        coalesce(
            lead(effective_from) over (partition by knowledge, party_id order by effective_from),
            {{ end_of_days() }}
        ) as next_from
    from changed

),

final as (

    select
        cast(party_id as {{ dbt.type_string() }}) as party_id,
        cast(knowledge as {{ dbt.type_string() }}) as knowledge,
        cast(effective_from as date) as effective_from,
        cast(next_from as date) as effective_to,
        {% for measure in measures -%}
        cast({{ measure }} as decimal(18, 2)) as {{ measure }},
        {% endfor -%}
        cast(oldest_due_date as date) as oldest_due_date,
        cast(reconstructed_until as date) as reconstructed_until
    from spell
    where net_overdue_0_reporting <> 0 or oldest_due_date is not null

)

select * from final
order by knowledge, party_id, effective_from
