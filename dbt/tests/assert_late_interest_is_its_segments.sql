{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Late interest of an item is the sum of the stretches that an auditor recomputes; the last of them
-- is what the item still bears interest on.
with

segment as (

    select
        open_item_id,
        sum(days) as interest_days,
        sum(interest_document) as interest_document,
        max(case when interest_document is null then 1 else 0 end) as has_unknown
    from {{ ref('mart_late_interest_segment') }}
    group by open_item_id

)

select
    item.open_item_id,
    item.interest_document,
    segment.interest_document as interest_of_segments
from {{ ref('mart_late_interest') }} as item
full outer join segment
    on item.open_item_id = segment.open_item_id
where
    item.open_item_id is null
    or segment.open_item_id is null
    or item.interest_days <> segment.interest_days
    or item.interest_document is distinct from
    case when segment.has_unknown = 0 then segment.interest_document end
