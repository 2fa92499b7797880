{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- What the watchlist ranks by is on the same uncovered amounts as the provision, and loses no more than them.
with

ranked as (

    select
        coalesce(sum(uncovered), 0) as uncovered,
        coalesce(sum(expected_loss), 0) as expected_loss
    from {{ ref('int_warning__loss') }}

),

provided as (

    select coalesce(sum(uncovered_reporting), 0) as uncovered
    from {{ ref('mart_expected_credit_loss') }}
    where not is_beside and method <> 'eliminated' and component <> 'overlay'

),

final as (

    select
        ranked.uncovered,
        provided.uncovered as provided,
        ranked.expected_loss
    from ranked
    cross join provided
    where
        ranked.uncovered <> provided.uncovered
        or ranked.expected_loss > ranked.uncovered

)

select * from final
