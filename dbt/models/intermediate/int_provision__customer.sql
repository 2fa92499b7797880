{{ config(materialized='table') }}

{#- Every customer with what the segments ask about it: the segment of its receivables in the
    provision matrix, and whether and why it is assessed by itself 单项计提 instead, on each day on
    which the provision is worked out. Attributes are of now, as DECISIONS 31 has it, its grade is
    that of the day (46), and what sets a customer apart is what had happened to it by the day:
    whoever failed since was in the matrix then (43). -#}
with

vantage as (

    select * from {{ ref('int_provision__vantage') }}

),

described as (

    select * from {{ ref('int_provision__described') }}

),

-- the grade of the day, or that of the last month end before it
graded as (

    select
        vantage.months_back,
        graded.party_id,
        graded.grade
    from vantage
    inner join {{ ref('int_rating__graded') }} as graded
        on graded.effective_from <= vantage.day and graded.effective_to > vantage.day

),

unrated as (

    select grade
    from {{ ref('int_rating__grade') }}
    where rung_no is null

),

owed as (

    select
        item.months_back,
        described.party_id,
        sum(greatest(item.open_amount_reporting, 0)) as gross_receivable
    from {{ ref('int_provision__open') }} as item
    inner join described
        on
            item.company_code = described.company_code
            and item.customer_id = described.customer_id
    where item.receivable_class = 'trade' and not described.is_intragroup
    group by item.months_back, described.party_id

),

floor as (

    select
        vantage.months_back,
        floor.floor_major
    from vantage
    inner join {{ ref('int_floor__monthly') }} as floor
        on floor.valid_from <= vantage.day and floor.valid_to > vantage.day

),

in_default as (

    select
        vantage.months_back,
        spell.party_id,
        min(spell.defaulted_on) as defaulted_on,
        min_by(spell.first_reason, spell.defaulted_on) as first_reason
    from vantage
    inner join {{ ref('mart_customer_default') }} as spell
        on
            spell.defaulted_on <= vantage.day
            and coalesce(spell.cured_on > vantage.day, true)
    group by vantage.months_back, spell.party_id

),

insolvent as (

    select distinct
        vantage.months_back,
        condition.party_id
    from vantage
    inner join {{ ref('int_default__condition') }} as condition
        on condition.effective_from <= vantage.day and condition.effective_to > vantage.day
    where condition.reason = 'insolvency'

),

offered as (

    select
        company_code,
        customer_id,
        cast({{ policy_text('loss_rate') }} as decimal(9, 6)) as loss_rate,
        method,
        reason,
        {{ policy_approval() }}
    from {{ policy_table('policy_individual_assessment') }}

),

decision as (

    select
        vantage.months_back,
        offered.*
    from offered
    inner join vantage
        on
            {{ is_in_force('vantage.day') }}
            -- one that nobody dated is of today
            and (
                vantage.months_back = 0
                or coalesce(offered.valid_from, offered.approved_on) <= vantage.day
            )
    qualify row_number() over (
        partition by vantage.months_back, offered.company_code, offered.customer_id
        order by offered.valid_from desc nulls last, offered.approved_on desc nulls last
    ) = 1

),

in_court as (

    select
        vantage.months_back,
        dated.company_code,
        dated.customer_id
    from vantage
    inner join {{ ref('int_customer__dated') }} as dated
        on
            dated.effective_from <= vantage.day
            and dated.effective_to > vantage.day
            -- what the first delivery says was not told before
            and dated.told_on <= vantage.day
    where vantage.months_back > 0 and dated.status = 'legal'
    union all
    select
        0 as months_back,
        company_code,
        customer_id
    from described
    where status = 'legal'

),

assessed as (

    select
        vantage.months_back,
        vantage.day,
        described.*,
        coalesce(graded.grade, unrated.grade) as grade,
        in_default.defaulted_on,
        in_default.first_reason as default_reason,
        owed.gross_receivable,
        decision.loss_rate as decided_loss_rate,
        decision.method as decided_method,
        decision.reason as decided_reason,
        decision.approved_by as decided_by,
        decision.approved_on as decided_on,
        case
            when decision.customer_id is not null then 'decision'
            when described.is_intragroup then null
            when insolvent.party_id is not null then 'insolvency'
            when in_court.customer_id is not null then 'in_court'
            when in_default.party_id is not null and owed.gross_receivable >= floor.floor_major
                then 'default'
        end as individual_reason
    from described
    cross join vantage
    cross join unrated
    left join graded
        on
            vantage.months_back = graded.months_back
            and described.party_id = graded.party_id
    left join in_default
        on
            vantage.months_back = in_default.months_back
            and described.party_id = in_default.party_id
    left join owed
        on vantage.months_back = owed.months_back and described.party_id = owed.party_id
    left join insolvent
        on vantage.months_back = insolvent.months_back and described.party_id = insolvent.party_id
    left join decision
        on
            vantage.months_back = decision.months_back
            and described.company_code = decision.company_code
            and described.customer_id = decision.customer_id
    left join in_court
        on
            vantage.months_back = in_court.months_back
            and described.company_code = in_court.company_code
            and described.customer_id = in_court.customer_id
    left join floor
        on vantage.months_back = floor.months_back

),

final as (

    select
        assessed.*,
        assessed.individual_reason is not null as is_individual,
        segmented.matrix_segment,
        segmented.matrix_segment_no
    from assessed
    left join {{ ref('int_provision__segmented') }} as segmented
        on
            assessed.company_code = segmented.company_code
            and assessed.customer_id = segmented.customer_id
            and assessed.day >= segmented.effective_from
            and assessed.day < segmented.effective_to

)

select * from final
