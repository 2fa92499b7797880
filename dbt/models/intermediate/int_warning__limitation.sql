{{ config(materialized='table') }}

{#- What each party owes whose limitation period ends within 90 and within 30 days, over time: each
    claim with the end of its period after every certain act (DECISIONS 36). Written-off claims and
    those that have expired are not in it. Intragroup customers are. As believed now, at the rate of
    the day. -#}
with

claim as (

    select
        claim.open_item_id,
        claim.company_code,
        claim.customer_id,
        claim.currency,
        claim.document_id,
        claim.decided_date,
        claim.first_deadline_date,
        claim.document_date,
        customer.party_id
    from {{ ref('int_limitation__claim') }} as claim
    inner join {{ ref('dim_customer') }} as customer
        on claim.company_code = customer.company_code and claim.customer_id = customer.customer_id

),

-- from which day on which end holds
deadline as (

    select
        open_item_id,
        document_date as day_from,
        coalesce(decided_date, first_deadline_date) as deadline_date,
        cast(null as date) as restart_date
    from claim
    union all
    select
        claim.open_item_id,
        certain.act_date as day_from,
        greatest(certain.deadline_date, claim.first_deadline_date) as deadline_date,
        certain.act_date as restart_date
    from claim
    inner join {{ ref('int_limitation__certain') }} as certain
        on claim.open_item_id = certain.open_item_id
    where claim.decided_date is null

),

one_a_day as (

    select
        open_item_id,
        day_from,
        max(deadline_date) as deadline_date,
        max(restart_date) as restart_date
    from deadline
    group by open_item_id, day_from

),

spell as (

    select
        *,
        coalesce(
            lead(day_from) over (partition by open_item_id order by day_from), {{ end_of_days() }}
        ) as day_to
    from one_a_day

),

near as (

    select
        claim.party_id,
        claim.document_id,
        spell.deadline_date,
        spell.restart_date,
        greatest(
            spell.day_from, balance.effective_from, {{ add_days('spell.deadline_date', -90) }}
        ) as day_from,
        greatest(
            spell.day_from, balance.effective_from, {{ add_days('spell.deadline_date', -30) }}
        ) as very_near_from,
        least(spell.day_to, balance.effective_to, {{ add_days('spell.deadline_date', 1) }})
            as day_to,
        claim.company_code,
        claim.currency,
        balance.open_amount_document
    from claim
    inner join spell
        on claim.open_item_id = spell.open_item_id
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            claim.open_item_id = balance.open_item_id
            and balance.known_to = {{ end_of_time() }}
            and balance.open_amount_document > 0
            and balance.effective_from <= {{ as_of() }}

),

valued as (

    select
        near.*,
        coalesce({{ money_times_rate('near.open_amount_document', 'rate.rate_to_reporting') }}, 0)
            as amount
    from near
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            near.company_code = rate.company_code
            and near.currency = rate.currency
            and near.day_from = rate.day
    where near.day_from < near.day_to and near.day_from <= {{ as_of() }}

),

change as (

    {% for sign, day in [('', 'from'), ('-', 'to')] -%}
    select
        party_id,
        {{ 'day_' ~ day }} as day,
        {{ sign }}amount as amount_90,
        0 as amount_30
    from valued
    union all
    select
        party_id,
        {{ 'very_near_from' if day == 'from' else 'day_to' }} as day,
        0 as amount_90,
        {{ sign }}amount as amount_30
    from valued
    where very_near_from < day_to
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

running as (

    {{ running_sums('change', ['party_id'], ['amount_90', 'amount_30']) }}

),

earliest as (

    select
        running.party_id,
        running.effective_from,
        min(valued.deadline_date) as deadline_date,
        min_by(
            valued.document_id,
            {{ dated_order('valued.deadline_date', ['valued.document_id', 'valued.restart_date']) }}
        ) as document_id,
        min_by(
            valued.restart_date,
            {{ dated_order('valued.deadline_date', ['valued.document_id', 'valued.restart_date']) }}
        ) as restart_date
    from running
    inner join valued
        on
            running.party_id = valued.party_id
            and running.effective_from >= valued.day_from
            and running.effective_from < valued.day_to
    group by running.party_id, running.effective_from

),

final as (

    select
        running.party_id,
        running.effective_from,
        running.effective_to,
        running.amount_90 as limitation_amount_90,
        running.amount_30 as limitation_amount_30,
        earliest.deadline_date as limitation_deadline,
        earliest.document_id as limitation_document,
        earliest.restart_date as limitation_restarted_on
    from running
    left join earliest
        on
            running.party_id = earliest.party_id
            and running.effective_from = earliest.effective_from

)

select * from final
