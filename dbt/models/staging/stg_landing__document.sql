{{ config(materialized='table') }}

{#- Where a source lists open items only, a document that a full dump no longer has was settled, not
    deleted: its last row stays as a version of its own, and vanished_load_id names the delivery
    that left it out (DECISIONS 18). An explicit delete of a delta is one everywhere. -#}
{%- set key = ['company_code', 'document_id'] -%}
with

version as (

    {{ landed_versions('document', key) }}

),

-- Read from landing and not from the versions, so that there is nothing to read where no source
-- lists open items only.
open_item_row as (

    select
        landed.company_code,
        landed.document_id,
        landed._known_at,
        landed._load_id,
        landed._row,
        landed._op,
        load.mode,
        load.business_date
    from {{ source('landing', 'document') }} as landed
    inner join {{ source('landing', 'source_setting') }} as setting
        on landed._source = setting.source and setting.vanished = 'settled'
    inner join {{ source('landing', 'load') }} as load
        on landed._load_id = load.load_id
    qualify row_number() over (
        partition by landed.company_code, landed.document_id, landed._known_at
        order by landed._load_id desc, landed._row desc
    ) = 1

),

with_previous as (

    select
        *,
        lag(_op) over along as previous_op,
        lag(_load_id) over along as previous_load_id,
        lag(_row) over along as previous_row
    from open_item_row
    window along as (partition by company_code, document_id order by _known_at)

),

with_next as (

    select
        *,
        coalesce(
            lead(_known_at) over (partition by company_code, document_id order by _known_at),
            {{ end_of_time() }}
        ) as next_known_at
    from with_previous
    where _op = 'upsert' or previous_op = 'upsert'

),

left_out as (

    select *
    from with_next
    where _op = 'delete' and mode = 'full'

),

final as (

    select
        version.*,
        cast(null as bigint) as vanished_load_id
    from version
    left join left_out
        on
            {{ same_key('version', 'left_out', key) }}
            and version.known_from = left_out._known_at
    where left_out._load_id is null
    union all
    select
        {{ all_columns_but('landed', ['_known_at', '_landed_at', '_row_hash', '_op']) }},
        left_out.business_date,
        left_out._known_at as known_from,
        left_out.next_known_at as known_to,
        false as is_deleted,
        left_out._load_id as vanished_load_id
    from left_out
    inner join {{ source('landing', 'document') }} as landed
        on
            {{ same_key('landed', 'left_out', key) }}
            and landed._load_id = left_out.previous_load_id
            and landed._row = left_out.previous_row

)

select * from final
