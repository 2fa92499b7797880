{{ config(materialized='table') }}

{#- What became, by the as-of date, of every item that was provisioned on an earlier day, in the
    reporting currency at the closing rate of that day, and what of it is lost to us: written off
    for credit reasons for certain, and of what is still open the share that today's rates say
    (DECISIONS 43). The insurer's part and output tax that is refunded bear no loss, as in the
    provision (policy section 6 rules 5, 6).

    A bill is followed to the end: passed on it is still out until it is honoured, and where it came
    back it is what became of the receivables that were open again (int_provision__reopened).

    Beyond the days of default the rate is the loss given default of the item's age, before them the
    loss rate without forward factor. Intragroup items are left out. -#}
{%- set parts = ['open_in_default', 'open_younger', 'written_off', 'diluted', 'set_off', 'paid',
    'other'] -%}
with

observed as {{ read_once() }} (

    select
        months_back,
        open_item_id,
        company_code,
        customer_id,
        document_id,
        receivable_class,
        segment,
        matrix_segment,
        method,
        aging,
        bucket,
        original_due_date,
        is_age_unknown,
        rate_to_reporting,
        exposure_reporting,
        uncovered_base_reporting,
        day as start_day,
        {{ as_of() }} as end_day,
        effective_to,
        open_amount_document as amount_document
    from {{ ref('int_provision__item') }}
    where months_back > 0 and method <> 'eliminated'

),

outcome as (

    {{ outcome_of('observed') }}

),

-- how much of what a bill lost without being paid is out today, and what became of the rest
bill as (

    select
        months_back,
        company_code,
        document_id,
        sum(still_open) as unpaid
    from outcome
    where receivable_class in ('bill', 'bill_transferred')
    group by months_back, company_code, document_id

),

bill_out as (

    select
        bill.months_back,
        bill.company_code,
        bill.document_id,
        sum(balance.open_amount_document) as out_document
    from bill
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            bill.company_code = balance.company_code
            and bill.document_id = balance.document_id
            and balance.item_kind = 'bill'
            and balance.effective_from <= {{ as_of() }}
            and balance.effective_to > {{ as_of() }}
    where balance.known_to = {{ end_of_time() }}
    group by bill.months_back, bill.company_code, bill.document_id

),

bill_back as (

    select
        months_back,
        company_code,
        document_id,
        sum(still_open) as open_again,
        sum(written_off) as lost_again
    from {{ ref('int_provision__reopened') }}
    group by months_back, company_code, document_id

),

told as (

    select
        outcome.*,
        case
            when bill.document_id is null then outcome.still_open
            else least(outcome.still_open, coalesce({{ money_share(
                '(coalesce(bill_out.out_document, 0) + coalesce(bill_back.open_again, 0))',
                'outcome.still_open', 'bill.unpaid') }}, 0))
        end as open_followed,
        coalesce(
            {{ money_share('bill_back.lost_again', 'outcome.still_open', 'bill.unpaid') }}, 0
        ) as lost_since
    from outcome
    left join bill
        on
            outcome.receivable_class in ('bill', 'bill_transferred')
            and {{ equal_key('outcome', 'bill', ['months_back', 'company_code', 'document_id']) }}
    left join bill_out
        on {{ equal_key('bill', 'bill_out', ['months_back', 'company_code', 'document_id']) }}
    left join bill_back
        on {{ equal_key('bill', 'bill_back', ['months_back', 'company_code', 'document_id']) }}

),

followed as (

    select
        *,
        least(still_open - open_followed, lost_since) as lost_followed
    from told

),

bucket as (

    select
        bucket,
        coalesce(lower_bound, -999999) as lower_bound,
        coalesce(upper_bound, 999999) as upper_bound
    from {{ ref('int_aging_bucket') }}
    where scheme = 'monthly_30' and bucket <> 'unapplied'

),

aged as (

    select
        *,
        case
            when is_age_unknown then 999999
            else coalesce({{ days_between('original_due_date', 'end_day') }}, 0)
        end as days_past_due,
        open_followed + open_as_bill as open_document,
        written_off + lost_followed as written_off_document,
        paid + still_open - open_followed - lost_followed as paid_document
    from followed

),

placed as (

    select
        aged.*,
        bucket.bucket as fine_bucket,
        aged.days_past_due > {{ policy_value('default_days_past_due') }} as is_in_default
    from aged
    inner join bucket
        on
            aged.days_past_due >= bucket.lower_bound
            and aged.days_past_due <= bucket.upper_bound

),

split as (

    select
        months_back,
        open_item_id,
        company_code,
        customer_id,
        segment,
        matrix_segment,
        method,
        aging,
        bucket,
        fine_bucket,
        is_in_default,
        exposure_reporting,
        uncovered_base_reporting,
        rate_to_reporting,
        amount_document,
        recovered,
        case when is_in_default then open_document else 0 end as open_in_default,
        case when is_in_default then 0 else open_document end as open_younger,
        written_off_document as written_off,
        diluted,
        set_off,
        paid_document as paid,
        other
    from placed

),

-- differences of what all parts up to one come to, so that rounding loses no cent
valued as (

    select
        months_back,
        open_item_id,
        company_code,
        customer_id,
        segment,
        matrix_segment,
        method,
        aging,
        bucket,
        fine_bucket,
        is_in_default,
        exposure_reporting,
        uncovered_base_reporting,
        coalesce({{ money_times_rate('amount_document', 'rate_to_reporting') }}, 0)
            as amount_reporting,
        coalesce({{ money_times_rate('recovered', 'rate_to_reporting') }}, 0)
            as recovered_reporting,
        {% for part in parts -%}
        {%- set until = parts[:loop.index] | join(' + ') -%}
        {%- set before = parts[:loop.index0] | join(' + ') -%}
        coalesce({{ money_times_rate('(' ~ until ~ ')', 'rate_to_reporting') }}, 0)
        {%- if not loop.first %}
        - coalesce({{ money_times_rate('(' ~ before ~ ')', 'rate_to_reporting') }}, 0)
        {%- endif %} as {{ part }}_reporting{{ ',' if not loop.last }}
        {% endfor %}
    from split

),

-- what falls to us of a loss
borne as (

    select
        *,
        {% for part in ['written_off', 'open_in_default', 'open_younger'] -%}
        coalesce(
            {{ money_share(part ~ '_reporting', 'uncovered_base_reporting',
                'exposure_reporting') }}, {{ part }}_reporting
        ) as {{ part }}_borne{{ ',' if not loop.last }}
        {% endfor %}
    from valued

),

given_default as (

    select
        company_code,
        segment,
        bucket,
        loss_given_default
    from {{ ref('int_provision__own_rate') }}
    where months_back = 0 and aging = 'standard' and loss_case = 'base' and is_in_default

),

younger as (

    select
        company_code,
        segment,
        fine_bucket,
        loss_rate
    from {{ ref('int_provision__rate') }}
    where
        months_back = 0
        and aging = 'standard'
        and loss_case = 'base'
        and segment = rate_segment

),

rated as (

    select
        borne.*,
        case
            when borne.is_in_default then coalesce(
                given_default.loss_given_default, {{ policy_value('loss_given_default') }}
            )
            -- whom no segment of the matrix takes has no rate
            else coalesce(younger.loss_rate, 0)
        end as rate_now
    from borne
    left join given_default
        on
            borne.company_code = given_default.company_code
            and borne.matrix_segment = given_default.segment
            and borne.fine_bucket = given_default.bucket
    left join younger
        on
            borne.company_code = younger.company_code
            and borne.matrix_segment = younger.segment
            and borne.fine_bucket = younger.fine_bucket

),

final as (

    select
        *,
        {{ money_times_rate('open_in_default_borne', 'rate_now') }}
            as expected_in_default_reporting,
        {{ money_times_rate('open_younger_borne', 'rate_now') }} as expected_younger_reporting
    from rated

)

select * from final
