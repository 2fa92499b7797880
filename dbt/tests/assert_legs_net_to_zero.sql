{{ config(meta={'gate': 'ledger_identity'}, severity=gate_severity('ledger_identity')) }}
-- L2, L6: the two legs of an allocation have equal functional value and opposite sign, now and at
-- every moment; an allocation creates no money. Legs without a rate on either side have no value to
-- compare.
with

leg as (

    select
        event_key,
        is_undoing,
        known_from,
        known_to,
        side,
        amount_functional
    from {{ ref('int_movement__functional') }}
    where event_key is not null and not is_derived_difference

),

two_legged as (

    select event_key
    from leg
    group by event_key
    having min(side) <> max(side) and count(*) = count(amount_functional)

)

select
    leg.event_key,
    leg.is_undoing,
    sum(leg.amount_functional) as difference_functional
from leg
inner join two_legged
    on leg.event_key = two_legged.event_key
where leg.known_to = {{ end_of_time() }}
group by leg.event_key, leg.is_undoing
having sum(leg.amount_functional) <> 0
