{#- The diagonal of the two clocks: what was believed on each day about that day.

    Belongs here: the cut of rectangles (effective [from, to) x knowledge [from, to)) with the line on which a day is
    read by the knowledge of that same day. Must not: what is measured on it.

    The knowledge of day D, K(D), is all that came with deliveries of a business date up to D; before the first delivery
    it is the first delivery's (int_company__known_day). K never falls, so the days on which `known_from <= K(D) <
    known_to` are one interval: from the day that known_from counts for the first time until the day that known_to does.
    Cut with [effective_from, effective_to) that is again one interval, and each rectangle gives one row or none: what
    was replaced before an evening saw it gives none. No day is visited, so it costs one pass. -#}

{#- The day on which a moment of knowledge counts for the first time; `known` is its row of int_company__known_day, which
    what became known after the last delivery has not. -#}
{% macro known_day_of(known, moment) -%}
    coalesce({{ known }}.known_day, least(cast({{ moment }} as date), {{ as_of() }}))
{%- endmacro %}

{#- Rows of `relation` that were believed on some day about it, with [day_from, day_to): `columns` and the interval.
    `relation` has company_code, known_from and known_to; `from_day` and `to_day` are its effective interval. -#}
{% macro believed_then(relation, columns, from_day='effective_from', to_day='effective_to') %}
select *
from (
    select
        {{ qualified('believed', columns) }},
        greatest(
            believed.{{ from_day }},
            {{ known_day_of('began', 'believed.known_from') }}
        ) as day_from,
        least(
            coalesce(believed.{{ to_day }}, {{ end_of_days() }}),
            case
                when believed.known_to = {{ end_of_time() }} then {{ end_of_days() }}
                else {{ known_day_of('ended', 'believed.known_to') }}
            end
        ) as day_to
    from {{ relation }} as believed
    left join {{ ref('int_company__known_day') }} as began
        on believed.company_code = began.company_code and believed.known_from = began.known_at
    left join {{ ref('int_company__known_day') }} as ended
        on believed.company_code = ended.company_code and believed.known_to = ended.known_at
) as cut_with_the_diagonal
where day_from < day_to
{% endmacro %}

{#- The same interval on present knowledge, for measures that exist in both readings. -#}
{% macro believed_now(relation, columns, from_day='effective_from', to_day='effective_to') %}
select
    {{ qualified('believed', columns) }},
    believed.{{ from_day }} as day_from,
    coalesce(believed.{{ to_day }}, {{ end_of_days() }}) as day_to
from {{ relation }} as believed
where believed.known_to = {{ end_of_time() }}
{% endmacro %}

{#- `reading`: 'then' (as known on the day) or 'now' (as believed now). -#}
{% macro believed(reading, relation, columns, from_day='effective_from', to_day='effective_to') %}
{%- if reading == 'then' -%}
{{ believed_then(relation, columns, from_day, to_day) }}
{%- else -%}
{{ believed_now(relation, columns, from_day, to_day) }}
{%- endif -%}
{% endmacro %}
