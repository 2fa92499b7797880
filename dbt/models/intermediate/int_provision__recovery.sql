{{ config(materialized='table') }}

{#- What was recovered of the balances that stood in default at the beginning of each bucket of
    `monthly_30`, within the months of the policy after that day (policy section 6 rule 2): per
    segment of a company and for the company. Only balances whose months are over are followed, for
    those still running would look like losses. -#}
{%- set parts = outcome_parts() -%}
{%- set window_months = '-cast(' ~ policy_value('loss_given_default_window_months') ~ ' as int)' -%}
with

vantage as (

    select * from {{ ref('int_provision__vantage') }}

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
        bucket,
        bucket_no,
        lower_bound
    from {{ ref('int_aging_bucket') }}
    where
        scheme = 'monthly_30'
        and bucket <> 'unapplied'
        and lower_bound > {{ policy_value('default_days_past_due') }}

),

standing as (

    select
        scope.open_item_id,
        scope.company_code,
        scope.customer_id,
        scope.currency,
        bucket.bucket,
        bucket.bucket_no,
        {{ add_days('scope.original_due_date', 'bucket.lower_bound') }} as start_day,
        scope.effective_to,
        scope.open_amount_document as amount_document
    from {{ ref('int_roll_rate__scope') }} as scope
    inner join bucket
        on
            scope.effective_from
            <= {{ add_days('scope.original_due_date', 'bucket.lower_bound') }}
            and scope.effective_to
            > {{ add_days('scope.original_due_date', 'bucket.lower_bound') }}
    where scope.original_due_date < {{ as_of() }}

),

followed as (

    select
        standing.*,
        segmented.matrix_segment as segment,
        {{ add_months('standing.start_day', 'cast(' ~ policy_value('loss_given_default_months')
            ~ ' as int)') }} as end_day
    from standing
    inner join {{ ref('int_provision__segmented') }} as segmented
        on
            standing.company_code = segmented.company_code
            and standing.customer_id = segmented.customer_id
            and standing.start_day >= segmented.effective_from
            and standing.start_day < segmented.effective_to

),

observed as {{ read_once() }} (

    select *
    from followed
    where
        end_day <= {{ as_of() }}
        and end_day > (
            select min({{ add_months('day', window_months) }})
            from vantage
        )

),

outcome as (

    {{ outcome_of('observed') }}

),

valued as (

    select
        vantage.months_back,
        outcome.company_code,
        outcome.segment,
        outcome.bucket,
        outcome.bucket_no,
        {% for part in parts -%}
        coalesce({{ money_times_rate('outcome.' ~ part, 'rate.rate_to_reporting') }}, 0)
            as {{ part }}{{ ',' if not loop.last }}
        {% endfor %}
    from outcome
    inner join vantage
        on
            outcome.end_day <= vantage.day
            and outcome.end_day > {{ add_months('vantage.day', window_months) }}
    inner join in_matrix
        on
            vantage.months_back = in_matrix.months_back
            and outcome.company_code = in_matrix.company_code
            and outcome.customer_id = in_matrix.customer_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            outcome.company_code = rate.company_code
            and outcome.currency = rate.currency
            and vantage.day = rate.day

),

final as (

    {% for level, segment in [('segment', 'segment'), ('company', "'*'")] -%}
    select
        '{{ level }}' as level,
        months_back,
        company_code,
        {{ segment }} as segment,
        bucket,
        bucket_no,
        cast(sum({{ parts | join(' + ') }}) as decimal(18, 2)) as defaulted_reporting,
        -- credited or set off is neither recovered nor lost
        cast(sum(diluted + set_off) as decimal(18, 2)) as left_out_reporting,
        cast(sum(paid) as decimal(18, 2)) as recovered_reporting,
        cast(count(*) as bigint) as item_count
    from valued
    group by
        months_back, company_code{{ ', segment' if level == 'segment' }}, bucket, bucket_no
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
