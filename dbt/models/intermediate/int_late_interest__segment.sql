{{ config(materialized='table') }}

{#- The days of an item that bears interest, cut where its balance or its rate changes. A payment
    counts from the day after it: the day of payment still bears interest (as does the last day of
    a period). Simple interest on actual days / 365, rounded per segment, so that the segments are
    the interest to the cent. -#}
with

item as (

    select * from {{ ref('int_late_interest__item') }}

),

change as (

    select
        item.open_item_id,
        greatest({{ add_days('step.value_date', 1) }}, item.first_day) as first_day,
        step.amount_document
    from item
    inner join {{ ref('int_late_interest__step') }} as step
        on item.open_item_id = step.open_item_id
    union all
    -- a rate that is not fixed at the breach changes while the debtor is late
    select
        item.open_item_id,
        reference.rate_from as first_day,
        cast(0 as decimal(18, 2)) as amount_document
    from item
    inner join {{ ref('int_reference_rate') }} as reference
        on
            item.reference = reference.reference
            and reference.rate_from > item.first_day
            and reference.rate_from <= {{ as_of() }}
    where not item.is_fixed_at_breach
    union all
    select
        item.open_item_id,
        reference.rate_to as first_day,
        cast(0 as decimal(18, 2)) as amount_document
    from item
    inner join {{ ref('int_reference_rate') }} as reference
        on
            item.reference = reference.reference
            and reference.rate_to > item.first_day
            and reference.rate_to <= {{ as_of() }}
    where not item.is_fixed_at_breach

),

daily as (

    select
        open_item_id,
        first_day,
        sum(amount_document) as amount_document
    from change
    where first_day <= {{ as_of() }}
    group by open_item_id, first_day

),

running as (

    select
        open_item_id,
        first_day,
        sum(amount_document) over (
            partition by open_item_id
            order by first_day
            rows between unbounded preceding and current row
        ) as balance_document,
        lead(first_day) over (partition by open_item_id order by first_day) as next_first_day
    from daily

),

ended as (

    select
        *,
        coalesce({{ add_days('next_first_day', -1) }}, {{ as_of() }}) as last_day
    from running

),

rated as (

    select
        item.open_item_id,
        item.rate_basis,
        ended.first_day,
        ended.last_day,
        {{ days_between('ended.first_day', 'ended.last_day') }} + 1 as days,
        ended.balance_document,
        item.reference,
        reference.rate as reference_rate,
        reference.rate_from as reference_rate_from,
        coalesce(
            case when item.is_fixed_at_breach then item.first_day else ended.first_day end
            > reference.confirmed_until,
            false
        ) as is_reference_unconfirmed,
        cast(
            coalesce(item.stated_rate, reference.rate * item.multiplier + item.added_rate)
            as decimal(18, 9)
        ) as rate_per_year,
        coalesce(reference.policy_version, item.policy_version) as policy_version
    from ended
    inner join item
        on ended.open_item_id = item.open_item_id
    left join {{ ref('int_reference_rate') }} as reference
        on
            item.reference = reference.reference
            and case when item.is_fixed_at_breach then item.first_day else ended.first_day end
            >= reference.rate_from
            and case when item.is_fixed_at_breach then item.first_day else ended.first_day end
            < reference.rate_to
    where ended.balance_document > 0

),

final as (

    select
        *,
        row_number() over (partition by open_item_id order by first_day) as segment_no,
        {{ simple_interest('balance_document', 'rate_per_year', 'days') }} as interest_document,
        case
            when rate_basis = 'none' then 'no_regime'
            when rate_per_year is null then 'no_reference_rate'
        end as reason_when_null
    from rated

)

select * from final
