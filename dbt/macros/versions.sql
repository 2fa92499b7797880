{#- Every version of every key of a landed entity, with the interval [known_from, known_to) in which
    it was believed and the business date of the delivery that brought it. Equal neighbours are one
    version (delta and append sources repeat themselves). A tombstone is a version with is_deleted;
    one that deletes nothing is left out. Most keys landed once: only the others are sorted. -#}
{% macro landed_versions(entity, key) %}
{%- set partition = key | join(', ') -%}
{#- what is told by known_from and is_deleted, or by nothing further on -#}
{%- set landing_only = ['_known_at', '_landed_at', '_row_hash', '_op'] -%}
with

repeated as (

    {{ repeated_keys(source('landing', entity), key) }}

),

single as (

    select
        {{ all_columns_but('landed', landing_only) }},
        load.business_date,
        landed._known_at as known_from,
        {{ end_of_time() }} as known_to,
        false as is_deleted
    from {{ source('landing', entity) }} as landed
    inner join {{ source('landing', 'load') }} as load
        on landed._load_id = load.load_id
    left join repeated
        on {{ same_key('landed', 'repeated', key) }}
    where repeated.row_count is null and landed._op = 'upsert'

),

-- Two deliveries that claim the same moment: the later load is believed, and gate
-- conflicting_version reports it.
one_per_moment as (

    select
        landed.*,
        load.business_date
    from {{ source('landing', entity) }} as landed
    inner join {{ source('landing', 'load') }} as load
        on landed._load_id = load.load_id
    inner join repeated
        on {{ same_key('landed', 'repeated', key) }}
    qualify row_number() over (
        partition by {{ qualified('landed', key) }}, landed._known_at
        order by landed._load_id desc, landed._row desc
    ) = 1

),

with_previous as (

    select
        *,
        lag(_row_hash) over (partition by {{ partition }} order by _known_at) as previous_row_hash,
        lag(_op) over (partition by {{ partition }} order by _known_at) as previous_op
    from one_per_moment

),

changed as (

    select *
    from with_previous
    where
        (_op = 'upsert'
            and (previous_op is distinct from 'upsert' or previous_row_hash is distinct
            from _row_hash))
        or (_op = 'delete' and previous_op = 'upsert')

),

final as (

    select * from single
    union all
    select
        {{ all_columns_but('changed', landing_only + ['previous_row_hash', 'previous_op']) }},
        _known_at as known_from,
        coalesce(
            lead(_known_at) over (partition by {{ partition }} order by _known_at),
            {{ end_of_time() }}
        ) as known_to,
        _op = 'delete' as is_deleted
    from changed

)

select * from final
{% endmacro %}

{#- Rows that agree in `columns` and touch on the knowledge clock become one row. `carried` columns
    take the value of the earliest part. Columns, not expressions; NULLs are equal. -#}
{% macro merge_neighbours(relation, columns, carried=[]) %}
{%- set partition = columns | join(', ') -%}
select
    {{ partition }},
    min(known_from) as known_from,
    max(known_to) as known_to
    {%- for column in carried %},
    min_by({{ column }}, known_from) as {{ column }}
    {%- endfor %}
from (
    select
        *,
        sum(case when previous_known_to = known_from then 0 else 1 end) over (
            partition by {{ partition }}
            order by known_from
            rows between unbounded preceding and current row
        ) as run_no
    from (
        select
            *,
            lag(known_to) over (partition by {{ partition }} order by known_from)
                as previous_known_to
        from {{ relation }}
    ) as with_previous
) as with_run
group by {{ partition }}, run_no
{% endmacro %}

{#- Keys that stand in more than one row of a relation. -#}
{% macro repeated_keys(relation, key) -%}
select
    {{ key | join(', ') }},
    count(*) as row_count
from {{ relation }}
group by {{ key | join(', ') }}
having count(*) > 1
{%- endmacro %}

{#- Condition that two relations agree in every key column; NULLs are equal. -#}
{% macro same_key(left, right, key) -%}
{% for column in key -%}
{{ left }}.{{ column }} is not distinct from {{ right }}.{{ column }}{{ ' and ' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{#- The same for columns that are never NULL. -#}
{% macro equal_key(left, right, key) -%}
{% for column in key -%}
{{ left }}.{{ column }} = {{ right }}.{{ column }}{{ ' and ' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{% macro qualified(relation, columns) -%}
{% for column in columns %}{{ relation }}.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}

{#- merge_neighbours for a relation in which most keys have one row: those pass through unsorted, and
    only keys cut in several pieces are merged. Sorting everything took half the time of a build of
    ten million documents. -#}
{% macro merge_pieces(relation, key, columns, carried=[]) %}
{%- set output = columns + ['known_from', 'known_to'] + carried -%}
with

repeated as (

    {{ repeated_keys(relation, key) }}

),

repeated_piece as (

    select {{ qualified('relation', output) }}
    from {{ relation }} as relation
    inner join repeated
        on {{ same_key('relation', 'repeated', key) }}

)

select {{ qualified('relation', output) }}
from {{ relation }} as relation
left join repeated
    on {{ same_key('relation', 'repeated', key) }}
where repeated.row_count is null
union all
{{ merge_neighbours('repeated_piece', columns, carried) }}
{% endmacro %}

{#- The last version of every key: the one believed now, else the last one that was. -#}
{% macro newest_version(relation, key, columns) %}
select {{ (key + columns) | join(', ') }}
from {{ relation }}
where known_to = {{ end_of_time() }}
union all
select {{ qualified('ended', key + columns) }}
from (
    select *
    from {{ relation }}
    where known_to < {{ end_of_time() }}
) as ended
left join (
    select {{ key | join(', ') }}, true as is_standing
    from {{ relation }}
    where known_to = {{ end_of_time() }}
) as standing
    on {{ same_key('ended', 'standing', key) }}
where standing.is_standing is null
qualify row_number() over (
    partition by {{ qualified('ended', key) }}
    order by ended.known_from desc
) = 1
{% endmacro %}

{#- The rows of a staged entity as believed now. -#}
{% macro current_version(entity) %}
select *
from {{ ref('stg_landing__' ~ entity) }}
where not is_deleted and known_to = {{ end_of_time() }}
{% endmacro %}

{#- Where a published row came from: the last columns of every fact made of one source row. -#}
{% macro provenance() -%}
cast(known_from as timestamp) as known_from,
        cast(_source as {{ dbt.type_string() }}) as _source,
        cast(_load_id as bigint) as _load_id,
        cast(_file as {{ dbt.type_string() }}) as _file,
        cast(_row as bigint) as _row
{%- endmacro %}
