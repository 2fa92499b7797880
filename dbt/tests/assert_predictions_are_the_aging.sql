{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- What is predicted and what is left out are the trade items of aging, to the cent; nothing that should be
-- predicted is missing; and what prediction takes as open of an item is what the ledger has, but for the
-- rounding of its parts.
with

aging as (

    select
        count(*) as item_count,
        sum(open_amount_reporting) as open_amount_reporting
    from {{ ref('mart_aging') }}
    where receivable_class = 'trade'

),

told as (

    select
        sum(item_count) as item_count,
        sum(open_amount_reporting) as open_amount_reporting,
        sum(case when name = 'predicted' then item_count else 0 end) as predicted_count,
        sum(case when name = 'predicted' then open_amount_reporting else 0 end) as predicted_amount,
        sum(case when name = 'not_predicted' then item_count else 0 end) as missing_count
    from {{ ref('mart_prediction_input') }}
    where kind = 'open_item'

),

predicted_item as (

    select
        count(*) as item_count,
        sum(published.open_amount_reporting) as open_amount_reporting,
        sum(
            case
                when abs(estimate.remaining - published.open_amount_reporting) > 1 then 1 else 0
            end
        ) as differing_count
    from {{ ref('mart_payment_prediction') }} as published
    inner join {{ ref('int_prediction__estimated') }} as estimate
        on published.open_item_id = estimate.open_item_id

)

select
    aging.item_count,
    told.item_count as told_count,
    aging.open_amount_reporting,
    told.open_amount_reporting as told_amount,
    told.missing_count,
    predicted_item.differing_count
from aging
cross join told
cross join predicted_item
where
    coalesce(aging.item_count, 0) <> coalesce(told.item_count, 0)
    or coalesce(aging.open_amount_reporting, 0) <> coalesce(told.open_amount_reporting, 0)
    or coalesce(told.predicted_count, 0) <> coalesce(predicted_item.item_count, 0)
    or coalesce(told.predicted_amount, 0) <> coalesce(predicted_item.open_amount_reporting, 0)
    or coalesce(told.missing_count, 0) > 0
    or coalesce(predicted_item.differing_count, 0) > 0
