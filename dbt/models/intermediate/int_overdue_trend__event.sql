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

bucket as (

    select
        *,
        {{ dense_key(['scheme', 'bucket_no']) }} as bucket_key
    from {{ ref('int_aging_bucket') }}

),

basis as (

    select distinct basis
    from bucket

),

-- What a sum is kept apart by, as one number: the sums below have tens of millions of rows.
scope as (

    select
        {{ dense_key(['company_code', 'deal_nature', 'is_intragroup', 'currency']) }} as scope_key,
        company_code,
        deal_nature,
        is_intragroup,
        currency
    from (
        select distinct
            balance.company_code,
            customer.deal_nature,
            customer.is_intragroup,
            balance.currency
        from balance
        inner join {{ ref('dim_customer') }} as customer
            on
                balance.company_code = customer.company_code
                and balance.customer_id = customer.customer_id
    ) as combination

),

customer_scope as (

    select
        customer.company_code,
        customer.customer_id,
        scope.currency,
        scope.scope_key
    from {{ ref('dim_customer') }} as customer
    inner join scope
        on
            customer.company_code = scope.company_code
            and customer.deal_nature = scope.deal_nature
            and customer.is_intragroup = scope.is_intragroup

),

-- One sum per basis, not one over all four dates: pairs of a day and one date are few however many
-- items there are, while days with four dates are nearly as many as the items. A credit is unapplied
-- on every basis, so its dates need not be kept apart.
daily as (

    select
        customer_scope.scope_key,
        basis.basis,
        case when step.is_credit then {{ as_of() }}
            else {{ aging_basis_date('basis.basis', 'step') }} end as basis_date,
        step.is_credit,
        step.day,
        cast(sum(step.amount_document) as decimal(18, 2)) as amount_document,
        cast(sum(step.amount_functional) as decimal(18, 2)) as amount_functional,
        cast(sum(step.unconverted_count) as int) as unconverted_count
    from step
    inner join customer_scope
        on
            step.company_code = customer_scope.company_code
            and step.customer_id = customer_scope.customer_id
            and step.currency = customer_scope.currency
    cross join basis
    group by
        customer_scope.scope_key, basis.basis,
        case when step.is_credit then {{ as_of() }}
            else {{ aging_basis_date('basis.basis', 'step') }} end,
        step.is_credit, step.day
    having sum(step.amount_document) <> 0 or sum(step.amount_functional) <> 0
        or sum(step.unconverted_count) <> 0

),

placed as (

    select
        daily.scope_key,
        daily.is_credit,
        daily.day,
        daily.amount_document,
        daily.amount_functional,
        daily.unconverted_count,
        bucket.bucket_key,
        {{ bucket_first_day('bucket', 'daily.basis_date') }} as first_day,
        {{ bucket_last_day('bucket', 'daily.basis_date') }} as last_day
    from daily
    inner join bucket
        on daily.basis = bucket.basis and daily.is_credit = (bucket.bucket = 'unapplied')

),

event as (

    select
        scope_key,
        bucket_key,
        greatest(day, case when is_credit then day else first_day end) as day,
        amount_document, amount_functional, unconverted_count
    from placed
    where is_credit or day <= last_day
    union all
    select
        scope_key,
        bucket_key,
        {{ add_days('last_day', 1) }} as day,
        -amount_document, -amount_functional, -unconverted_count
    from placed
    where not is_credit and day <= last_day

),

summed as (

    select
        scope_key,
        bucket_key,
        day,
        sum(amount_document) as amount_document,
        sum(amount_functional) as amount_functional,
        sum(unconverted_count) as unconverted_count
    from event
    where day <= {{ as_of() }}
    group by scope_key, bucket_key, day

),

final as (

    select
        scope.company_code,
        scope.deal_nature,
        scope.is_intragroup,
        scope.currency,
        bucket.scheme,
        bucket.bucket,
        summed.day,
        cast(summed.amount_document as decimal(18, 2)) as amount_document,
        cast(summed.amount_functional as decimal(18, 2)) as amount_functional,
        cast(summed.unconverted_count as bigint) as unconverted_count
    from summed
    inner join scope
        on summed.scope_key = scope.scope_key
    inner join bucket
        on summed.bucket_key = bucket.bucket_key

)

select * from final
