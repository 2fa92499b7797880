{%- set key = ['rate_date', 'from_currency', 'to_currency', 'rate_type'] -%}
with

-- A rate belongs to no company, so every ERP of a group may bring its own.
told as (

    {{ landed_versions('fx_rate', key + ['_source']) }}

),

placed as (

    select
        told.*,
        setting.position
    from told
    left join {{ source('landing', 'source_setting') }} as setting
        on told._source = setting.source

),

-- Since when a source that stands further up in arrears.yml gives the same rate: from then on it is
-- the one that is believed, and what was known before stays as it was.
outranked as (

    select
        {{ qualified('placed', key) }},
        placed._source,
        min(better.known_from) as better_from
    from placed
    inner join placed as better
        on
            {{ same_key('placed', 'better', key) }}
            and better.position < placed.position
    group by {{ qualified('placed', key) }}, placed._source

),

final as (

    select
        {{ all_columns_but('placed', ['position', 'known_to']) }},
        least(placed.known_to, coalesce(outranked.better_from, {{ end_of_time() }})) as known_to
    from placed
    left join outranked
        on
            {{ same_key('placed', 'outranked', key) }}
            and placed._source = outranked._source
    where outranked.better_from is null or outranked.better_from > placed.known_from

)

select * from final
