{{ config(materialized='table') }}

{#- Every customer with what the segments ask about it: the segment of its receivables in the
    provision matrix, and whether and why it is assessed by itself 单项计提 instead. Attributes are
    those of now, for the history of the roll rates too: a rate is meant for those it is applied to
    (DECISIONS 31). -#}
with

customer as (

    select * from {{ ref('dim_customer') }}

),

company as (

    select
        company_code,
        country
    from {{ ref('int_company') }}

),

segment as (

    select * from {{ ref('int_provision__segment') }}

),

described as (

    select
        customer.company_code,
        customer.customer_id,
        customer.party_id,
        customer.name,
        customer.related_party,
        customer.ownership,
        customer.customer_type,
        customer.deal_nature,
        customer.status,
        customer.is_intragroup,
        coalesce(customer.country <> company.country, false) as is_abroad,
        -- no rating is told yet: everybody is unrated
        cast(null as {{ dbt.type_string() }}) as grade
    from customer
    left join company
        on customer.company_code = company.company_code

),

owed as (

    select
        described.party_id,
        sum(greatest(item.open_amount_reporting, 0)) as gross_receivable
    from {{ ref('int_open_item__current') }} as item
    inner join described
        on
            item.company_code = described.company_code
            and item.customer_id = described.customer_id
    where item.receivable_class = 'trade' and not described.is_intragroup
    group by described.party_id

),

floor as (

    select floor_major
    from {{ ref('int_floor__monthly') }}
    where valid_from <= {{ as_of() }} and valid_to > {{ as_of() }}

),

in_default as (

    select
        party_id,
        min(defaulted_on) as defaulted_on,
        min_by(first_reason, defaulted_on) as first_reason
    from {{ ref('mart_customer_default') }}
    where is_in_default
    group by party_id

),

insolvent as (

    select distinct party_id
    from {{ ref('int_default__condition') }}
    where reason = 'insolvency' and effective_to > {{ as_of() }}

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

    select *
    from offered
    where {{ is_in_force() }}
    qualify row_number() over (
        partition by company_code, customer_id
        order by valid_from desc nulls last, approved_on desc nulls last
    ) = 1

),

assessed as (

    select
        described.*,
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
            when described.status = 'legal' then 'in_court'
            when in_default.party_id is not null and owed.gross_receivable >= floor.floor_major
                then 'default'
        end as individual_reason
    from described
    left join in_default
        on described.party_id = in_default.party_id
    left join owed
        on described.party_id = owed.party_id
    left join insolvent
        on described.party_id = insolvent.party_id
    left join decision
        on
            described.company_code = decision.company_code
            and described.customer_id = decision.customer_id
    left join floor
        on true

),

-- The first segment of the matrix that its open items would be in.
matched as (

    select
        assessed.company_code,
        assessed.customer_id,
        min_by(segment.segment, segment.segment_no) as segment,
        min(segment.segment_no) as segment_no
    from assessed
    inner join segment
        on
            segment.method in ('matrix', 'eliminated')
            and {{ is_in_segment('segment', 'assessed', "'trade'", "'none'", 'false') }}
    group by assessed.company_code, assessed.customer_id

),

final as (

    select
        assessed.*,
        assessed.individual_reason is not null as is_individual,
        matched.segment as matrix_segment,
        matched.segment_no as matrix_segment_no
    from assessed
    left join matched
        on
            assessed.company_code = matched.company_code
            and assessed.customer_id = matched.customer_id

)

select * from final
