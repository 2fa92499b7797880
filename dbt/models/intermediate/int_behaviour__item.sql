{{ config(materialized='table') }}

{#- Items that were paid, with the days on which they had so many payments, and whether they were
    settled on those days. An item counts on the day of its last payment until then. -#}
with

paid as (

    select * from {{ ref('int_behaviour__paid') }}

),

several as (

    {{ repeated_keys('paid', ['open_item_id']) }}

),

paid_in_parts as (

    select paid.*
    from paid
    inner join several
        on paid.open_item_id = several.open_item_id

),

cut as (

    select open_item_id, day_from as day from paid_in_parts
    union distinct
    select open_item_id, day_to as day from paid_in_parts

),

cut_interval as (

    select
        open_item_id,
        day as day_from,
        lead(day) over (partition by open_item_id order by day) as day_to
    from cut

),

-- a payment on one day is one, whatever papers it consists of
state as (

    select
        paid_in_parts.customer_no,
        paid_in_parts.open_item_id,
        cut_interval.day_from,
        cut_interval.day_to,
        max(paid_in_parts.paid_on) as dated_on,
        count(distinct paid_in_parts.paid_on) as payment_count,
        sum(paid_in_parts.amount) as amount,
        max(case when paid_in_parts.is_excluded then 0 else 1 end) as is_counted
    from cut_interval
    inner join paid_in_parts
        on
            cut_interval.open_item_id = paid_in_parts.open_item_id
            and paid_in_parts.day_from <= cut_interval.day_from
            and paid_in_parts.day_to > cut_interval.day_from
    where cut_interval.day_to is not null
    group by
        paid_in_parts.customer_no, paid_in_parts.open_item_id, cut_interval.day_from,
        cut_interval.day_to
    union all
    select
        paid.customer_no,
        paid.open_item_id,
        paid.day_from,
        paid.day_to,
        paid.paid_on as dated_on,
        1 as payment_count,
        paid.amount,
        case when paid.is_excluded then 0 else 1 end as is_counted
    from paid
    left join several
        on paid.open_item_id = several.open_item_id
    where several.row_count is null

),

-- where one stretch of being open ends and no other begins, the item is settled
closed as (

    select
        open_item_id,
        day_to as day_from,
        coalesce(
            lead(day_from) over (partition by open_item_id order by day_from), {{ end_of_days() }}
        ) as day_to
    from {{ ref('int_risk__open_then') }}
    where not is_credit

),

settled as (

    select *
    from closed
    where day_from < day_to and day_from <= {{ as_of() }}
    union all
    -- paid on the day it was billed, so that no evening saw it open
    select distinct
        state.open_item_id,
        {{ start_of_days() }} as day_from,
        {{ end_of_days() }} as day_to
    from state
    left join closed
        on state.open_item_id = closed.open_item_id
    where closed.open_item_id is null

),

-- a document is paid with its last instalment, whatever is still kept back
last_instalment as (

    select
        company_code,
        document_id,
        max(instalment_no) as instalment_no
    from {{ ref('fct_open_item') }}
    where item_kind not in ('receipt', 'refund', 'bill') and instalment_kind <> 'retention'
    group by company_code, document_id

),

discounted as (

    select distinct open_item_id
    from {{ ref('fct_receivable_movement') }}
    where
        movement_kind = 'discount'
        and known_to = {{ end_of_time() }}
        and effective_date <= {{ as_of() }}

),

told as (

    select
        customer_no,
        open_item_id,
        dated_on,
        day_from,
        day_to,
        payment_count,
        amount,
        is_counted,
        false as is_settled
    from state
    union all
    select
        state.customer_no,
        state.open_item_id,
        state.dated_on,
        greatest(state.day_from, settled.day_from) as day_from,
        least(state.day_to, settled.day_to) as day_to,
        state.payment_count,
        state.amount,
        0 as is_counted,
        true as is_settled
    from state
    inner join settled
        on
            state.open_item_id = settled.open_item_id
            and state.day_from < settled.day_to
            and state.day_to > settled.day_from

),

final as (

    select
        told.customer_no,
        told.dated_on,
        told.day_from,
        told.day_to,
        told.is_counted,
        told.is_settled,
        told.payment_count,
        told.amount,
        told.is_settled and last_instalment.document_id is not null as is_document_paid,
        told.is_settled and coalesce(term.has_discount_terms, false) as is_discount_offered,
        told.is_settled and coalesce(term.has_discount_terms, false)
        and discounted.open_item_id is not null as is_discount_taken
    from told
    inner join {{ ref('fct_open_item') }} as item
        on told.open_item_id = item.open_item_id
    left join last_instalment
        on
            item.company_code = last_instalment.company_code
            and item.document_id = last_instalment.document_id
            and item.instalment_no = last_instalment.instalment_no
    left join {{ ref('int_kpi__item') }} as term
        on told.open_item_id = term.open_item_id
    left join discounted
        on told.open_item_id = discounted.open_item_id

)

select * from final
