{{ config(materialized='table') }}

{#- What was billed to a customer in status hold or legal, of the lowest grade, or whose net overdue
    beyond 60 days was at least the normal floor of the month, and for which no approval was dated
    on the day or in the 90 days before (credit_event of kind approval): in the last 90 days, or
    since somebody has reviewed it (a collection activity of the customer with outcome `reviewed`).
    Overdue and grade as known on the day, the rest as believed now, at the rate of the day. -#}
with

document as (

    select
        item.company_code,
        item.customer_id,
        item.document_id,
        item.currency,
        item.document_date,
        sum(item.original_amount_document) as amount
    from {{ ref('fct_open_item') }} as item
    where
        item.is_current
        and item.voided_on is null
        and item.item_kind in ('invoice', 'debit_note')
        and item.document_date <= {{ as_of() }}
    group by
        item.company_code, item.customer_id, item.document_id, item.currency, item.document_date

),

held as (

    select
        company_code,
        customer_id,
        status,
        effective_from,
        effective_to
    from {{ ref('int_customer__dated') }}
    where status in ('hold', 'legal')

),

beyond_floor as (

    select
        owed.party_id,
        greatest(owed.effective_from, floors.valid_from) as effective_from,
        least(owed.effective_to, floors.valid_to) as effective_to
    from {{ ref('int_warning__owed') }} as owed
    inner join {{ ref('int_floor__monthly') }} as floors
        on
            owed.net_overdue_60 >= floors.floor_normal
            and owed.effective_from < floors.valid_to
            and owed.effective_to > floors.valid_from
    where owed.net_overdue_60 > 0

),

spell as (

    {{ joined_spells('beyond_floor', ['party_id']) }}

),

long_overdue as (

    select
        customer.company_code,
        customer.customer_id,
        'overdue' as status,
        spell.effective_from,
        spell.effective_to
    from spell
    inner join {{ ref('dim_customer') }} as customer
        on spell.party_id = customer.party_id
    where not customer.is_intragroup

),

-- a grade is known from the evening of its evaluation on
graded as (

    select
        customer.company_code,
        customer.customer_id,
        'grade' as status,
        {{ add_days('graded.effective_from', 1) }} as effective_from,
        {{ add_days('least(graded.effective_to, ' ~ as_of() ~ ')', 1) }} as effective_to
    from {{ ref('int_rating__graded') }} as graded
    inner join {{ ref('int_rating__grade') }} as rule
        on graded.grade = rule.grade and rule.hold_floor = 'always'
    inner join {{ ref('dim_customer') }} as customer
        on graded.party_id = customer.party_id
    where not customer.is_intragroup

),

blocked as (

    select * from held
    union all
    select * from long_overdue
    union all
    select * from graded

),

approval as (

    select
        company_code,
        customer_id,
        event_date
    from (
        {{ current_version('credit_event') }}
    ) as credit_event
    where kind = 'approval'

),

sold as (

    select
        document.company_code,
        document.customer_id,
        document.document_id,
        document.currency,
        document.document_date,
        document.amount,
        min(case blocked.status when 'legal' then 1 when 'hold' then 2
            when 'grade' then 3 else 4 end) as state_no
    from document
    inner join blocked
        on
            document.company_code = blocked.company_code
            and document.customer_id = blocked.customer_id
            and document.document_date >= blocked.effective_from
            and document.document_date < blocked.effective_to
    left join approval
        on
            document.company_code = approval.company_code
            and document.customer_id = approval.customer_id
            and approval.event_date <= document.document_date
            and approval.event_date >= {{ add_days('document.document_date', -90) }}
    where approval.event_date is null
    group by
        document.company_code, document.customer_id, document.document_id, document.currency,
        document.document_date, document.amount

),

activity as (

    {{ current_version('collection_activity') }}

),

reviewed as (

    select
        sold.company_code,
        sold.document_id,
        min(cast(activity.happened_at as date)) as reviewed_on
    from sold
    inner join activity
        on
            sold.company_code = activity.company_code
            and sold.customer_id = activity.customer_id
            and cast(activity.happened_at as date) >= sold.document_date
    where activity.outcome in ('reviewed', '已复核')
    group by sold.company_code, sold.document_id

),

valued as (

    select
        customer.party_id,
        sold.document_id,
        sold.document_date,
        sold.state_no,
        least(
            {{ add_days('sold.document_date', 90) }},
            coalesce(reviewed.reviewed_on, {{ end_of_days() }})
        ) as day_to,
        coalesce({{ money_times_rate('sold.amount', 'rate.rate_to_reporting') }}, 0) as amount
    from sold
    inner join {{ ref('dim_customer') }} as customer
        on sold.company_code = customer.company_code and sold.customer_id = customer.customer_id
    left join reviewed
        on sold.company_code = reviewed.company_code and sold.document_id = reviewed.document_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            sold.company_code = rate.company_code
            and sold.currency = rate.currency
            and sold.document_date = rate.day

),

change as (

    {% for sign, day in [('', 'document_date'), ('-', 'day_to')] -%}
    select
        party_id,
        {{ day }} as day,
        {{ sign }}amount as blocked_sale_amount,
        {{ sign }}1 as blocked_sale_count
    from valued
    where document_date < day_to
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

running as (

    {{ running_sums('change', ['party_id'], ['blocked_sale_amount', 'blocked_sale_count']) }}

),

newest as (

    select
        running.party_id,
        running.effective_from,
        max(valued.document_date) as document_date,
        max_by(
            valued.state_no, {{ dated_order('valued.document_date', ['valued.state_no']) }}
        ) as state_no
    from running
    inner join valued
        on
            running.party_id = valued.party_id
            and running.effective_from >= valued.document_date
            and running.effective_from < valued.day_to
    group by running.party_id, running.effective_from

),

final as (

    select
        running.party_id,
        running.effective_from,
        running.effective_to,
        running.blocked_sale_amount,
        running.blocked_sale_count,
        newest.document_date as blocked_sale_on,
        case newest.state_no when 1 then '诉讼' when 2 then '冻结' when 3 then '最低信用等级'
            when 4 then '逾期超60天' end as blocked_state_zh,
        case newest.state_no when 1 then 'legal' when 2 then 'hold'
            when 3 then 'the lowest grade' when 4 then 'more than 60 days overdue' end
            as blocked_state_en
    from running
    left join newest
        on
            running.party_id = newest.party_id
            and running.effective_from = newest.effective_from

)

select * from final
