{#- What is followed from the first day of a pair to its last, item by item, and which of it is kept so.

    Belongs here: what int_roll_rate__item and int_roll_rate__sliced read. Must not: what an amount became in between
    (credit_loss.sql), rates. -#}

{#- Of so many of the newest pairs month by month the items are published: those that the dashboard shows one by one. All
    pairs of ten million documents would be 14 million rows, these are six. -#}
{% macro roll_rate_pairs_with_items() %}{{ return(12) }}{% endmacro %}

{#- Whether a row of int_roll_rate__pair is one whose items are kept. -#}
{% macro has_roll_rate_items() -%}
(months_back = 0 and variant = 'monthly_30' and pair_no <= {{ roll_rate_pairs_with_items() }})
{%- endmacro %}

{#- What became of the amounts that were open on the first day of every pair by its last day, one row per pair and item
    of the slice at work: months_back, pair_no, and all of outcome_of() with its parts. `condition` chooses among
    int_roll_rate__pair; a pair that two days look back on is followed once.

    Items are aged by the original due date (`cas_annual`: by the date the receivable came to be). Not due is only what
    falls due within the step. -#}
{% macro roll_rate_followed(condition) -%}
with

pair as (

    select *
    from {{ ref('int_roll_rate__pair') }}
    where {{ condition }}

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

followed as (

    select
        pair.months_back,
        pair.pair_no,
        outcome.*
    from outcome
    inner join pair
        on {{ equal_key('outcome', 'pair', ['variant', 'start_day', 'end_day']) }}
    inner join in_matrix
        on
            pair.months_back = in_matrix.months_back
            and outcome.company_code = in_matrix.company_code
            and outcome.customer_id = in_matrix.customer_id

)

select * from followed
{%- endmacro %}
