{{ config(materialized='table') }}

{#- Adverse news of each party at each evaluation: what was known by then, had not been lifted, and
    is not older than the months of the policy. -#}
with

asked as (

    select distinct state
    from {{ ref('int_rating__band') }}
    where component = 'outside' and state <> 'nothing_adverse'

),

spell as (

    select
        event.party_id,
        event.meaning as state,
        event.source,
        event.event_date,
        event.known_on as effective_from,
        least(
            event.known_until,
            {{ add_months('event.event_date', policy_value('rating_news_months')) }}
        ) as effective_to
    from {{ ref('int_credit_event__judged') }} as event
    inner join asked
        on event.meaning = asked.state
    where event.known_on <= {{ as_of() }}

),

final as (

    {{ at_evaluations('spell', ['party_id', 'state', 'source', 'event_date']) | indent(4) }}

)

select * from final
