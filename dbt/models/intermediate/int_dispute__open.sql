{{ config(materialized='table') }}

{#- What of each dispute was open at each period end on which it stood: the disputed part of its items
    (accounting B8), as aging and metrics have it, handed out to the disputes of an item and of its
    document, the oldest first. The running month ends on the as-of date. -#}
with

month as (

    select
        month_start,
        period_end as day
    from {{ ref('int_kpi__month') }}

),

standing as (

    select
        month.day,
        dispute.company_code,
        dispute.dispute_id,
        dispute.document_id,
        dispute.instalment_no,
        dispute.opened_on,
        coalesce(dispute.amount, {{ money('9999999999999999') }}) as amount
    from {{ ref('stg_landing__dispute') }} as dispute
    inner join month
        on
            dispute.opened_on <= month.day
            and (dispute.closed_on is null or dispute.closed_on > month.day)
    where not dispute.is_deleted and dispute.known_to = {{ end_of_time() }}

),

contested_document as (

    select distinct
        company_code,
        document_id
    from standing

),

balance as (

    select
        balance.*,
        month.day
    from {{ ref('fct_open_item_balance') }} as balance
    inner join contested_document
        on
            balance.company_code = contested_document.company_code
            and balance.document_id = contested_document.document_id
    inner join month
        on balance.effective_from <= month.day and balance.effective_to > month.day
    where balance.known_to = {{ end_of_time() }}

),

dispute as (

    {{ disputes_open_on('month') }}

),

disputed as (

    {{ with_disputed_amount('balance', 'dispute') }}

),

parted as (

    select
        *,
        least(open_debit, named_dispute) as named_part,
        disputed_amount_document - least(open_debit, named_dispute) as document_part
    from disputed
    where disputed_amount_document > 0

),

-- what there is to hand out, to the disputes of an instalment and to those of the whole document
pool as (

    {% for part, instalment in [('named', 'instalment_no'), ('document', 'cast(null as int)')] -%}
    select
        day,
        company_code,
        document_id,
        {{ instalment }} as instalment_no,
        max(currency) as currency,
        min(due_date) as due_date,
        sum({{ part }}_part) as amount,
        sum(case when due_date < day then {{ part }}_part else 0 end) as overdue_amount
    from parted
    where {{ part }}_part > 0
    group by day, company_code, document_id{{ ', instalment_no' if part == 'named' else '' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

lined_up as (

    select
        standing.*,
        pool.currency,
        pool.due_date,
        coalesce(pool.amount, 0) as pool_amount,
        coalesce(pool.overdue_amount, 0) as pool_overdue_amount,
        coalesce(
            sum(standing.amount) over (
                partition by
                    standing.day, standing.company_code, standing.document_id,
                    standing.instalment_no
                order by standing.opened_on, standing.dispute_id
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as amount_before
    from standing
    left join pool
        on
            standing.day = pool.day
            and standing.company_code = pool.company_code
            and standing.document_id = pool.document_id
            and standing.instalment_no is not distinct from pool.instalment_no

),

final as (

    select
        lined_up.day,
        lined_up.company_code,
        lined_up.dispute_id,
        lined_up.currency,
        {{ days_between('lined_up.opened_on', 'lined_up.day') }} as days_open,
        cast(least(greatest(lined_up.pool_amount - lined_up.amount_before, 0), lined_up.amount)
            as decimal(18, 2)) as disputed_amount_document,
        -- the oldest instalments are contested first
        cast(
            least(greatest(lined_up.pool_overdue_amount - lined_up.amount_before, 0),
                lined_up.amount) as decimal(18, 2)
        ) as overdue_amount_document,
        rate.rate_to_reporting
    from lined_up
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            lined_up.company_code = rate.company_code
            and lined_up.currency = rate.currency
            and lined_up.day = rate.day

)

select * from final
