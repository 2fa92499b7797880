{#- Values over time as steps: [effective_from, effective_to) per key.

    Belongs here: looking back from each day of a step function, sums of what is dated in a window, intervals that touch. Must not: what is
    measured. -#}

{#- Steps of `relation` (key, effective_from, effective_to, columns) beside what they were so many days before: for each
    entry of `lags` (suffix: days) the columns again, with the suffix. A row per interval in which none changes. -#}
{% macro with_values_before(relation, key, columns, lags) %}
{%- set keys = key | join(', ') -%}
with

moved as (

    {% for days in [0] + lags.values() | list -%}
    {%- set no = loop.index0 -%}
    {%- set is_last = loop.last -%}
    {% for day, is_begin in {'effective_from': 1, 'effective_to': 0}.items() -%}
    select
        {{ keys }},
        {{ add_days(day, days) if days else day }} as day,
        case when {{ is_begin }} = 1 then effective_from end as source_day,
        {{ no }} as lag_no
    from {{ relation }}
    where {{ day }} <= {{ add_days(as_of(), -days) if days else as_of() }}
    {{ 'union all' if not (loop.last and is_last) }}
    {% endfor -%}
    {% endfor %}

),

grid as (

    select
        {{ keys }},
        day,
        {% for no in range(lags | length + 1) -%}
        max(case when lag_no = {{ no }} then source_day end) as source_{{ no }}{{ ',' if not loop.last }}
        {% endfor %}
    from moved
    group by {{ keys }}, day

),

carried as (

    select
        {{ keys }},
        day as effective_from,
        coalesce(lead(day) over (partition by {{ keys }} order by day), {{ end_of_days() }})
            as effective_to,
        {% for no in range(lags | length + 1) -%}
        max(source_{{ no }}) over along as source_{{ no }}{{ ',' if not loop.last }}
        {% endfor %}
    from grid
    window along as (
        partition by {{ keys }}
        order by day
        rows between unbounded preceding and current row
    )

)

select
    {{ qualified('carried', key) }},
    carried.effective_from,
    carried.effective_to,
    {% for column in columns -%}
    then_0.{{ column }}{{ ',' if not (loop.last and not lags) }}
    {% endfor -%}
    {% for suffix in lags -%}
    {%- set no = loop.index -%}
    {%- set is_last = loop.last -%}
    {% for column in columns -%}
    then_{{ no }}.{{ column }} as {{ column ~ suffix }}{{ ',' if not (loop.last and is_last) }}
    {% endfor -%}
    {% endfor %}
from carried
{% for days in [0] + lags.values() | list -%}
{%- set no = loop.index0 -%}
left join {{ relation }} as then_{{ no }}
    on
        {{ equal_key('carried', 'then_' ~ no, key) }}
        and carried.source_{{ no }} = then_{{ no }}.effective_from
        and carried.effective_from < {{ add_days('least(then_' ~ no ~ '.effective_to, ' ~ add_days(as_of(), 1) ~ ')', days) }}
{% endfor -%}
{% endmacro %}

{#- Running sums per key of changes dated by `day`: [effective_from, effective_to), one column per entry of `columns`. -#}
{% macro running_sums(relation, key, columns) %}
{%- set keys = key | join(', ') -%}
select
    {{ keys }},
    day as effective_from,
    coalesce(lead(day) over (partition by {{ keys }} order by day), {{ end_of_days() }}) as effective_to,
    {% for column in columns -%}
    sum({{ column }}) over (
        partition by {{ keys }}
        order by day
        rows between unbounded preceding and current row
    ) as {{ column }}{{ ',' if not loop.last }}
    {% endfor %}
from (
    select
        {{ keys }},
        day,
        {% for column in columns -%}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ relation }}
    where day <= {{ as_of() }}
    group by {{ keys }}, day
) as daily
{% endmacro %}

{#- Intervals of `relation` (key, effective_from, effective_to; none overlaps another) with those that touch made one. -#}
{% macro joined_spells(relation, key) %}
{%- set keys = key | join(', ') -%}
select
    {{ keys }},
    min(effective_from) as effective_from,
    max(effective_to) as effective_to
from (
    select
        *,
        sum(is_new) over (
            partition by {{ keys }}
            order by effective_from
            rows between unbounded preceding and current row
        ) as spell_no
    from (
        select
            *,
            case
                when lag(effective_to) over (partition by {{ keys }} order by effective_from)
                    = effective_from then 0
                else 1
            end as is_new
        from {{ relation }}
    ) as compared
) as numbered
group by {{ keys }}, spell_no
{% endmacro %}
