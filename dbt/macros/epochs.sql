{#- Cuts the knowledge axis of each key wherever an interval of one of the relations (CTEs with the
    key columns, known_from and known_to) begins or ends. Between two cuts nothing is learnt about
    the key, so whatever is derived from these relations holds for a whole epoch. -#}
{% macro knowledge_epochs(keys, relations, from_as='known_from', to_as='known_to') %}
{%- set key_list = keys | join(', ') -%}
select
    {{ key_list }},
    moment as {{ from_as }},
    next_moment as {{ to_as }}
from (
    select
        {{ key_list }},
        moment,
        lead(moment) over (partition by {{ key_list }} order by moment) as next_moment
    from (
        {% for relation in relations -%}
        {% for column in ['known_from', 'known_to'] -%}
        select {{ key_list }}, {{ column }} as moment from {{ relation }}
        {{ 'union distinct' if not loop.last }}
        {% endfor -%}
        {{ 'union distinct' if not loop.last }}
        {% endfor %}
    ) as cut
) as cut_with_next
where next_moment is not null
{% endmacro %}
