{{ config(materialized='table') }}

{#- Credit information by what the policy takes it to mean (policy_credit_event), from the day on
    which it was known. A rating means its whole value; other kinds a part of it. `lifted_on`: the
    first later event of the kind that says so. -#}
with

meaning as (

    select
        kind,
        {{ policy_text('value_part') }} as value_part,
        meaning,
        label_zh,
        label_en,
        {{ policy_approval() }}
    from {{ policy_table('policy_credit_event') }}

),

meaning_in_force as (

    select *
    from meaning
    where {{ is_in_force() }}

),

told as (

    select
        *,
        cast(null as date) as no_end
    from {{ ref('stg_landing__credit_event') }}
    where not is_deleted

),

event as (

    {{ believed('then', 'told', [
        'company_code', 'customer_id', 'event_date', 'source', 'kind', 'value'
    ], 'event_date', 'no_end') }}

),

-- one that is repeated in a later version is known from the first
first_known as (

    select
        company_code,
        customer_id,
        event_date,
        source,
        kind,
        value,
        min(day_from) as known_on,
        max(day_to) as known_until
    from event
    group by company_code, customer_id, event_date, source, kind, value

),

meant as (

    select
        first_known.*,
        {{ is_lifted_event('first_known.value') }} as is_lifting,
        meaning_in_force.meaning,
        meaning_in_force.label_zh,
        meaning_in_force.label_en
    from first_known
    left join meaning_in_force
        on
            first_known.kind = meaning_in_force.kind
            and (
                meaning_in_force.value_part is null
                or (
                    first_known.kind = 'external_rating'
                    and upper(first_known.value) = meaning_in_force.value_part
                )
                or (
                    first_known.kind <> 'external_rating'
                    and instr(lower(first_known.value), lower(meaning_in_force.value_part)) > 0
                )
            )

),

lined_up as (

    select
        *,
        min(case when is_lifting then known_on end) over (
            partition by company_code, customer_id, kind
            -- of one day what lifts comes last
            order by event_date, known_on, case when is_lifting then 1 else 0 end
            rows between 1 following and unbounded following
        ) as lifted_on
    from meant

),

final as (

    -- two parts of a value may mean the same
    select distinct
        customer.party_id,
        customer.is_intragroup,
        lined_up.company_code,
        lined_up.customer_id,
        lined_up.event_date,
        lined_up.known_on,
        least(lined_up.known_until, coalesce(lined_up.lifted_on, {{ end_of_days() }}))
            as known_until,
        lined_up.source,
        lined_up.kind,
        lined_up.value,
        lined_up.meaning,
        lined_up.label_zh,
        lined_up.label_en
    from lined_up
    inner join {{ ref('dim_customer') }} as customer
        on
            lined_up.company_code = customer.company_code
            and lined_up.customer_id = customer.customer_id
    where
        not lined_up.is_lifting
        and lined_up.meaning is not null
        and lined_up.known_on <= {{ as_of() }}

)

select * from final
