{{ config(materialized='table') }}

{#- What became of the amounts that were open on the first day of every pair by its last day, item
    by item, summed per company, segment, currency and bucket (policy section 6, accounting E1, E6,
    E11; DECISIONS 30).

    Items are aged by the original due date (`cas_annual`: by the date the receivable came to be).
    Not due is only what falls due within the step. What was set off is taken out of the amount when
    the rate is struck. -#}
{%- set parts = outcome_parts() -%}
with

pair as (

    select * from {{ ref('int_roll_rate__pair') }}

),

bucket as (

    select
        scheme,
        unit,
        bucket,
        bucket_no,
        lower_bound,
        upper_bound
    from {{ ref('int_aging_bucket') }}
    where scheme in ('monthly_30', 'cas_annual') and bucket <> 'unapplied'

),

open_on_day as (

    select
        scope.*,
        pair.variant,
        pair.pair_no,
        pair.start_day,
        pair.end_day,
        case pair.variant
            when 'monthly_30' then {{ days_between('scope.original_due_date', 'pair.start_day') }}
            else {{ age_on("'month'", 'scope.age_anchor_date', 'pair.start_day') }}
        end as age
    from {{ ref('int_roll_rate__scope') }} as scope
    inner join pair
        on scope.effective_from <= pair.start_day and scope.effective_to > pair.start_day

),

observed as {{ read_once() }} (

    select
        open_on_day.open_item_id,
        open_on_day.company_code,
        open_on_day.segment,
        open_on_day.currency,
        open_on_day.variant,
        open_on_day.pair_no,
        open_on_day.start_day,
        open_on_day.end_day,
        open_on_day.effective_to,
        open_on_day.open_amount_document as amount_document,
        bucket.bucket,
        bucket.bucket_no,
        -- every item falls due in one step, and is young at the beginning of one year
        bucket.lower_bound is null
        and (open_on_day.variant = 'monthly_30' or open_on_day.pair_no % 12 = 1) as is_counted
    from open_on_day
    inner join bucket
        on
            open_on_day.variant = bucket.scheme
            and coalesce(open_on_day.age >= bucket.lower_bound, true)
            and coalesce(open_on_day.age <= bucket.upper_bound, true)
    -- what does not fall due within the step cannot be overdue at its end
    where open_on_day.variant <> 'monthly_30' or open_on_day.original_due_date < open_on_day.end_day

),

outcome as (

    {{ outcome_of('observed') }}

),

final as (

    select
        company_code,
        segment,
        currency,
        variant,
        pair_no,
        start_day,
        end_day,
        bucket,
        bucket_no,
        cast(sum(amount_document) as decimal(18, 2)) as amount_document,
        {% for part in parts -%}
        cast(sum({{ part }}) as decimal(18, 2)) as {{ part }}_document,
        {% endfor -%}
        cast(count(*) as bigint) as observation_count,
        cast(sum(case when is_counted then 1 else 0 end) as bigint) as item_count
    from outcome
    group by
        company_code, segment, currency, variant, pair_no, start_day, end_day, bucket, bucket_no

)

select * from final
