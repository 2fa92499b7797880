{{ config(materialized='table') }}

{#- Parties that stand or fall with one that is in serious trouble: of the same group, its
    guarantor, or the one it is a guarantor of. How many severe warnings of rules that spread
    (policy_warning_rule) others have open, with the exposure of the party and of all of them
    together. -#}
{%- set newest_ties = ['source.source_party_id', 'source.rule_id'] -%}
with

customer as (

    select
        customer.party_id,
        customer.company_code,
        customer.guarantor_customer_id,
        node.group_id
    from {{ ref('dim_customer') }} as customer
    inner join {{ ref('int_customer__grouped') }} as node
        on
            customer.company_code = node.company_code
            and customer.customer_id = node.customer_id
    where not customer.is_intragroup

),

guarantee as (

    select distinct
        customer.party_id,
        guarantor.party_id as guarantor_party_id
    from customer
    inner join {{ ref('dim_customer') }} as guarantor
        on
            customer.company_code = guarantor.company_code
            and customer.guarantor_customer_id = guarantor.customer_id
    where not guarantor.is_intragroup

),

linked as (

    select
        own.party_id,
        other.party_id as other_party_id
    from customer as own
    inner join customer as other
        on own.group_id = other.group_id
    union distinct
    select party_id, guarantor_party_id as other_party_id
    from guarantee
    union distinct
    select guarantor_party_id as party_id, party_id as other_party_id
    from guarantee

),

pair as (

    select *
    from linked
    where party_id <> other_party_id

),

step as (

    select
        stepped.rule_id,
        stepped.subject_key as party_id,
        stepped.day,
        stepped.level,
        coalesce(
            lead(stepped.day) over (
                partition by stepped.subject_key, stepped.rule_id order by stepped.day
            ),
            {{ end_of_days() }}
        ) as next_day
    from {{ ref('int_warning__stepped_first') }} as stepped
    inner join {{ ref('int_warning__rule') }} as rule
        on stepped.rule_id = rule.rule_id
    where stepped.subject = 'party' and rule.spreads_in_group

),

source as (

    select
        pair.party_id,
        step.party_id as source_party_id,
        step.rule_id,
        step.day as day_from,
        step.next_day as day_to
    from step
    inner join pair
        on step.party_id = pair.other_party_id
    where step.level = 3

),

concerned as (

    select distinct party_id
    from source

),

-- each with itself and those it is tied to
together as (

    select
        party_id,
        party_id as other_party_id,
        true as is_own
    from concerned
    union all
    select
        pair.party_id,
        pair.other_party_id,
        false as is_own
    from pair
    inner join concerned
        on pair.party_id = concerned.party_id

),

change as (

    {% for sign, day in [('1', 'day_from'), ('-1', 'day_to')] -%}
    select
        party_id,
        {{ day }} as day,
        {{ sign }} as source_count,
        0 as exposure,
        0 as group_exposure,
        0 as net_overdue_0
    from source
    union all
    {% endfor -%}
    {% for sign, day in [('', 'effective_from'), ('-', 'effective_to')] -%}
    select
        together.party_id,
        exposed.{{ day }} as day,
        0 as source_count,
        case when together.is_own then {{ sign }}exposed.exposure else 0 end as exposure,
        {{ sign }}exposed.exposure as group_exposure,
        0 as net_overdue_0
    from together
    inner join {{ ref('int_warning__exposed') }} as exposed
        on together.other_party_id = exposed.party_id
    union all
    select
        together.party_id,
        owed.{{ day }} as day,
        0 as source_count,
        0 as exposure,
        0 as group_exposure,
        {{ sign }}owed.net_overdue_0 as net_overdue_0
    from together
    inner join {{ ref('int_warning__owed') }} as owed
        on together.other_party_id = owed.party_id
    where together.is_own
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

running as (

    {{ running_sums('change', ['party_id'], [
        'source_count', 'exposure', 'group_exposure', 'net_overdue_0'
    ]) }}

),

newest as (

    select
        running.party_id,
        running.effective_from,
        max_by(source.source_party_id, {{ dated_order('source.day_from', newest_ties) }})
            as source_party_id,
        max_by(source.rule_id, {{ dated_order('source.day_from', newest_ties) }}) as source_rule
    from running
    inner join source
        on
            running.party_id = source.party_id
            and running.effective_from >= source.day_from
            and running.effective_from < source.day_to
    group by running.party_id, running.effective_from

),

named as (

    select
        party_id,
        max(party_name) as party_name
    from {{ ref('dim_customer') }}
    group by party_id

),

final as (

    select
        running.party_id,
        running.effective_from,
        running.effective_to,
        running.source_count as source_warning_count,
        running.exposure,
        running.group_exposure,
        running.net_overdue_0,
        coalesce(named.party_name, newest.source_party_id) as source_member,
        newest.source_rule as source_rule_id,
        rule.name_zh as source_rule_zh,
        rule.name_en as source_rule_en
    from running
    left join newest
        on
            running.party_id = newest.party_id
            and running.effective_from = newest.effective_from
    left join named
        on newest.source_party_id = named.party_id
    left join {{ ref('int_warning__rule') }} as rule
        on newest.source_rule = rule.rule_id

)

select * from final
