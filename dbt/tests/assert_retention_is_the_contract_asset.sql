{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- What is open of retention while it is conditional is what aging has open of class contract_asset,
-- item by item; nothing else is in that class.
with

retention as (

    select
        open_item_id, open_amount_document, open_amount_reporting
    from {{ ref('mart_retention') }}
    where receivable_class = 'contract_asset' and open_amount_document <> 0

),

aged as (

    select
        open_item_id, open_amount_document, open_amount_reporting
    from {{ ref('mart_aging') }}
    where receivable_class = 'contract_asset' and open_amount_document <> 0

)

select
    coalesce(retention.open_item_id, aged.open_item_id) as open_item_id,
    retention.open_amount_document,
    aged.open_amount_document as open_amount_in_aging
from retention
full outer join aged
    on retention.open_item_id = aged.open_item_id
where
    retention.open_amount_document is distinct from aged.open_amount_document
    or retention.open_amount_reporting is distinct from aged.open_amount_reporting
