{{ config(materialized='table') }}

{#- Changes of the balance per bucket and day, class trade, on current knowledge. A rectangle of the
    interval table adds its amount on its first day and takes it away when it ends; an amount
    entering on day t stands in a bucket from the later of t and the bucket's first day, and leaves
    it the day after its last. So the cost follows the movements and bucket edges, not items x days.
    Summed to day and dates before the buckets are met: 50 buckets times every movement would be the
    slow way. -#}
with

balance as (

    select
        company_code,
        customer_id,
        currency,
        due_date,
        original_due_date,
        age_anchor_date,
        posting_date,
        effective_from,
        effective_to,
        open_amount_document,
        open_amount_functional,
        open_amount_document < 0 or (open_amount_document = 0 and open_amount_functional < 0)
            as is_credit,
        case when is_unconverted then 1 else 0 end as unconverted_count
    from {{ ref('fct_open_item_balance') }}
    where
        receivable_class = 'trade'
        and known_to = {{ end_of_time() }}
        and effective_from <= {{ as_of() }}

),

step as (

    {% for sign, day in [('', 'effective_from'), ('-', 'effective_to')] -%}
    select
        company_code,
        customer_id,
        currency,
        due_date,
        original_due_date,
        age_anchor_date,
        posting_date,
        is_credit,
        {{ day }} as day,
        {{ sign }}open_amount_document as amount_document,
        {{ sign }}coalesce(open_amount_functional, 0) as amount_functional,
        {{ sign }}unconverted_count as unconverted_count
    from balance
    where {{ day }} <= {{ as_of() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

daily as (

    select
        step.company_code,
        customer.deal_nature,
        customer.is_intragroup,
        step.currency,
        -- a credit is unapplied on every basis: its dates need not be kept apart
        case when step.is_credit then {{ as_of() }} else step.due_date end as due_date,
        case when step.is_credit then {{ as_of() }} else step.original_due_date end
            as original_due_date,
        case when step.is_credit then {{ as_of() }} else step.age_anchor_date end
            as age_anchor_date,
        case when step.is_credit then {{ as_of() }} else step.posting_date end as posting_date,
        step.is_credit,
        step.day,
        sum(step.amount_document) as amount_document,
        sum(step.amount_functional) as amount_functional,
        sum(step.unconverted_count) as unconverted_count
    from step
    inner join {{ ref('dim_customer') }} as customer
        on step.company_code = customer.company_code and step.customer_id = customer.customer_id
    group by
        step.company_code, customer.deal_nature, customer.is_intragroup, step.currency,
        case when step.is_credit then {{ as_of() }} else step.due_date end,
        case when step.is_credit then {{ as_of() }} else step.original_due_date end,
        case when step.is_credit then {{ as_of() }} else step.age_anchor_date end,
        case when step.is_credit then {{ as_of() }} else step.posting_date end,
        step.is_credit, step.day
    having sum(step.amount_document) <> 0 or sum(step.amount_functional) <> 0
        or sum(step.unconverted_count) <> 0

),

bucket as (

    select * from {{ ref('int_aging_bucket') }}

),

placed as (

    select
        daily.*,
        bucket.scheme,
        bucket.bucket,
        {{ bucket_first_day('bucket', aging_basis_date('bucket.basis', 'daily')) }} as first_day,
        {{ bucket_last_day('bucket', aging_basis_date('bucket.basis', 'daily')) }} as last_day
    from daily
    inner join bucket
        on daily.is_credit = (bucket.bucket = 'unapplied')

),

event as (

    select
        company_code, deal_nature, is_intragroup, currency, scheme, bucket,
        greatest(day, case when is_credit then day else first_day end) as day,
        amount_document, amount_functional, unconverted_count
    from placed
    where is_credit or day <= last_day
    union all
    select
        company_code, deal_nature, is_intragroup, currency, scheme, bucket,
        {{ add_days('last_day', 1) }} as day,
        -amount_document, -amount_functional, -unconverted_count
    from placed
    where not is_credit and day <= last_day

),

final as (

    select
        company_code,
        deal_nature,
        is_intragroup,
        currency,
        scheme,
        bucket,
        day,
        cast(sum(amount_document) as decimal(18, 2)) as amount_document,
        cast(sum(amount_functional) as decimal(18, 2)) as amount_functional,
        cast(sum(unconverted_count) as bigint) as unconverted_count
    from event
    where day <= {{ as_of() }}
    group by company_code, deal_nature, is_intragroup, currency, scheme, bucket, day

)

select * from final
