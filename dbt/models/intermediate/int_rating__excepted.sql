{{ config(materialized='table') }}

{#- Where what was granted is looser than the grade of the day allows (policy section 4), one row
    per document, limit or manual grade: documents that are still open and run longer than the longest
    terms of the grade they were billed under; documents billed in the last 90 days while supply was
    advised to be held; limits above the recommended one, and exposure of at least the minor floor
    without any limit; manual grades that are better than the caps allow. Before the first grade a
    customer is unrated. An approval counts on its day and for 90 days. -#}
with

newest as (

    select max(month_no) as month_no
    from {{ ref('int_kpi__month') }}

),

unrated as (

    select *
    from {{ ref('int_rating__grade') }}
    where rung_no is null

),

document as (

    select
        item.open_item_id,
        item.company_code,
        item.customer_id,
        customer.party_id,
        item.document_id,
        item.document_date,
        item.original_due_date,
        item.original_amount_document,
        item.currency,
        coalesce(item.instalment_kind = 'retention', false) as is_retention,
        coalesce(current_item.open_amount_reporting, 0) as open_amount
    from {{ ref('fct_open_item') }} as item
    inner join {{ ref('dim_customer') }} as customer
        on item.company_code = customer.company_code and item.customer_id = customer.customer_id
    left join {{ ref('int_open_item__current') }} as current_item
        on item.open_item_id = current_item.open_item_id
    where
        item.is_current
        and item.voided_on is null
        and item.item_kind in ('invoice', 'debit_note')
        and item.document_date <= {{ as_of() }}
        and not customer.is_intragroup
        and (
            current_item.open_item_id is not null
            or item.document_date > {{ add_days(as_of(), -90) }}
        )

),

graded_document as (

    select
        document.*,
        coalesce(graded.grade, unrated.grade) as grade,
        coalesce(rule.longest_terms_days, unrated.longest_terms_days) as allowed_days,
        {{ days_between('document.document_date', 'document.original_due_date') }} as actual_days
    from document
    cross join unrated
    left join {{ ref('int_rating__graded') }} as graded
        on
            document.party_id = graded.party_id
            and document.document_date >= graded.effective_from
            and document.document_date < graded.effective_to
    left join {{ ref('int_rating__grade') }} as rule
        on graded.grade = rule.grade

),

long_terms as (

    select *
    from graded_document
    where open_amount > 0 and not is_retention and actual_days > allowed_days

),

-- the day on which a hold began was a day of delivery like any other
held_document as (

    select
        document.*,
        held.effective_from as held_since
    from graded_document as document
    inner join {{ ref('int_hold__advised') }} as held
        on
            document.party_id = held.party_id
            and document.document_date > held.effective_from
            and document.document_date < held.effective_to
    where document.document_date > {{ add_days(as_of(), -90) }}

),

sold as (

    select 'terms' as kind, open_item_id, null as held_since
    from long_terms
    union all
    select 'hold' as kind, open_item_id, held_since
    from held_document

),

approval as (

    select
        company_code,
        customer_id,
        event_date,
        source,
        value,
        kind
    from (
        {{ current_version('credit_event') }}
    ) as credit_event
    where kind in ('approval', 'terms_change')

),

of_document as (

    select
        sold.kind,
        document.party_id,
        document.company_code,
        document.customer_id,
        document.grade,
        document.document_id,
        document.document_date as raised_on,
        described.salesperson as raised_by,
        case when sold.kind = 'terms' then document.allowed_days end as allowed_days,
        case when sold.kind = 'terms' then document.actual_days end as actual_days,
        sold.held_since,
        coalesce({{ money_times_rate(
            'document.original_amount_document', 'rate.rate_to_reporting'
        ) }}, 0) as amount,
        document.open_amount as exposure
    from sold
    inner join graded_document as document
        on sold.open_item_id = document.open_item_id
    left join {{ ref('fct_document') }} as described
        on
            document.company_code = described.company_code
            and document.document_id = described.document_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            document.company_code = rate.company_code
            and document.currency = rate.currency
            and rate.day = {{ as_of() }}

),

approved as (

    select
        of_document.kind,
        of_document.company_code,
        of_document.document_id,
        max(approval.event_date) as approved_on,
        max_by(approval.source, approval.event_date) as approved_by,
        max_by(approval.value, approval.event_date) as approval
    from of_document
    inner join approval
        on
            of_document.company_code = approval.company_code
            and of_document.customer_id = approval.customer_id
            and approval.event_date <= of_document.raised_on
            and approval.event_date >= {{ add_days('of_document.raised_on', -90) }}
            and (approval.kind = 'approval' or of_document.kind = 'terms')
    group by of_document.kind, of_document.company_code, of_document.document_id

),

-- instalments of a document are one document
documented as (

    select
        of_document.kind,
        of_document.party_id,
        of_document.company_code,
        of_document.customer_id,
        of_document.document_id,
        max(of_document.grade) as grade,
        max(of_document.raised_on) as raised_on,
        max(of_document.raised_by) as raised_by,
        max(of_document.allowed_days) as allowed_days,
        max(of_document.actual_days) as actual_days,
        max(of_document.held_since) as held_since,
        sum(of_document.amount) as amount,
        sum(of_document.exposure) as exposure,
        max(approved.approved_on) as approved_on,
        max(approved.approved_by) as approved_by,
        max(approved.approval) as approval
    from of_document
    left join approved
        on
            of_document.kind = approved.kind
            and of_document.company_code = approved.company_code
            and of_document.document_id = approved.document_id
    group by
        of_document.kind, of_document.party_id, of_document.company_code,
        of_document.customer_id, of_document.document_id

),

party as (

    select
        customer.party_id,
        customer.company_code,
        customer.customer_id,
        customer.sales_owner,
        graded.grade,
        graded.decided_by,
        graded.order_no,
        graded.cap_order_no,
        graded.manual_author,
        graded.manual_approved_by,
        graded.manual_approved_on,
        graded.manual_reason,
        evaluated.exposure,
        evaluated.floor_minor
    from {{ ref('int_rating__graded') }} as graded
    inner join newest
        on graded.month_no = newest.month_no
    inner join {{ ref('int_rating__evaluated') }} as evaluated
        on graded.party_id = evaluated.party_id and graded.month_no = evaluated.month_no
    inner join {{ ref('dim_customer') }} as customer
        on graded.party_id = customer.company_code || '|' || customer.customer_id

),

final as (

    select
        kind,
        party_id,
        company_code,
        customer_id,
        document_id,
        grade,
        raised_by,
        raised_on,
        approved_by,
        approved_on,
        approval,
        allowed_days,
        actual_days,
        held_since,
        cast(null as decimal(18, 2)) as allowed_amount,
        amount as actual_amount,
        exposure
    from documented
    union all
    select
        case when granted.limit_reporting is null then 'no_limit' else 'limit' end as kind,
        party.party_id,
        party.company_code,
        party.customer_id,
        null as document_id,
        party.grade,
        -- whoever approved a limit raised it
        case when granted.limit_reporting is null then party.sales_owner else granted.approved_by
            end as raised_by,
        case when granted.limit_reporting is not null then granted.valid_from end as raised_on,
        case when granted.limit_reporting is not null then granted.approved_by end as approved_by,
        case when granted.limit_reporting is not null and granted.approved_by is not null
            then granted.valid_from end as approved_on,
        null as approval,
        null as allowed_days,
        null as actual_days,
        null as held_since,
        recommended.recommended_limit as allowed_amount,
        granted.limit_reporting as actual_amount,
        party.exposure
    from party
    inner join {{ ref('int_rating__recommended') }} as recommended
        on party.party_id = recommended.party_id
    left join {{ ref('int_credit_limit__granted') }} as granted
        on party.party_id = granted.party_id
    where
        granted.limit_reporting > recommended.recommended_limit
        or (
            granted.limit_reporting is null
            and not coalesce(granted.has_group_limit, false)
            and party.exposure > 0
            and party.exposure >= party.floor_minor
        )
    union all
    select
        'manual_grade' as kind,
        party_id,
        company_code,
        customer_id,
        null as document_id,
        grade,
        manual_author as raised_by,
        manual_approved_on as raised_on,
        manual_approved_by as approved_by,
        manual_approved_on as approved_on,
        manual_reason as approval,
        null as allowed_days,
        null as actual_days,
        null as held_since,
        null as allowed_amount,
        null as actual_amount,
        exposure
    from party
    where decided_by = 'manual' and order_no < cap_order_no

)

select * from final
