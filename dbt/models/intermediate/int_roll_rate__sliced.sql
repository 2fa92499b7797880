{{ config(materialized='table', sliced=true) }}

{#- What became of the amounts that were open on the first day of every pair by its last day, item
    by item, summed per slice of the customers, company, segment, currency and bucket (policy
    section 6, accounting E1, E6, E11; DECISIONS 30), for each day on which the provision is worked
    out. A pair that two of them look back on is followed once.

    Items are aged by the original due date (`cas_annual`: by the date the receivable came to be).
    Not due is only what falls due within the step. What was set off is taken out of the amount when
    the rate is struck. -#}
{%- set parts = outcome_parts() -%}
with

pair as (

    select * from {{ ref('int_roll_rate__pair') }}

),

step as (

    select distinct
        variant,
        start_day,
        end_day
    from pair

),

in_matrix as (

    select
        months_back,
        company_code,
        customer_id
    from {{ ref('int_provision__customer') }}
    where not is_individual

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
        segmented.matrix_segment as segment,
        step.variant,
        step.start_day,
        step.end_day,
        case step.variant
            when 'monthly_30' then {{ days_between('scope.original_due_date', 'step.start_day') }}
            else {{ age_on("'month'", 'scope.age_anchor_date', 'step.start_day') }}
        end as age
    from {{ ref('int_roll_rate__scope') }} as scope
    inner join {{ ref('int_customer__sliced') }} as sliced
        on
            scope.company_code = sliced.company_code
            and scope.customer_id = sliced.customer_id
            and sliced.slice_no = {{ slice_no() }}
    inner join step
        on scope.effective_from <= step.start_day and scope.effective_to > step.start_day
    inner join {{ ref('int_provision__segmented') }} as segmented
        on
            scope.company_code = segmented.company_code
            and scope.customer_id = segmented.customer_id
            and step.start_day >= segmented.effective_from
            and step.start_day < segmented.effective_to

),

observed as {{ read_once() }} (

    select
        open_on_day.open_item_id,
        open_on_day.company_code,
        open_on_day.customer_id,
        open_on_day.segment,
        open_on_day.currency,
        open_on_day.variant,
        open_on_day.start_day,
        open_on_day.end_day,
        open_on_day.effective_to,
        open_on_day.open_amount_document as amount_document,
        bucket.bucket,
        bucket.bucket_no,
        bucket.lower_bound is null as is_youngest
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
        pair.months_back,
        outcome.company_code,
        outcome.segment,
        outcome.currency,
        pair.variant,
        pair.pair_no,
        pair.start_day,
        pair.end_day,
        outcome.bucket,
        outcome.bucket_no,
        cast(sum(outcome.amount_document) as decimal(18, 2)) as amount_document,
        {% for part in parts -%}
        cast(sum(outcome.{{ part }}) as decimal(18, 2)) as {{ part }}_document,
        {% endfor -%}
        cast(count(*) as bigint) as observation_count,
        -- every item falls due in one step, and is young at the beginning of one year
        cast(
            sum(
                case
                    when not outcome.is_youngest then 0
                    when pair.variant = 'monthly_30' or pair.pair_no % 12 = 1 then 1
                    else 0
                end
            ) as bigint
        ) as item_count
    from outcome
    inner join pair
        on {{ equal_key('outcome', 'pair', ['variant', 'start_day', 'end_day']) }}
    inner join in_matrix
        on
            pair.months_back = in_matrix.months_back
            and outcome.company_code = in_matrix.company_code
            and outcome.customer_id = in_matrix.customer_id
    group by
        pair.months_back, outcome.company_code, outcome.segment, outcome.currency, pair.variant,
        pair.pair_no, pair.start_day, pair.end_day, outcome.bucket, outcome.bucket_no

)

select * from final
