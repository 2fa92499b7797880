{%- set parts = outcome_parts() -%}
{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- The parts of a roll rate sum to what the ledger had open in the bucket on the first day, and none
-- is negative. Read from the newest pair of each day on which the provision is worked out, in
-- document currency.
with

rolled as (

    select
        months_back,
        company_code,
        segment,
        currency,
        variant,
        pair_no,
        sum(amount_document) as amount,
        sum(
            {% for part in parts -%}
            {{ part }}_document{{ ' +' if not loop.last }}
            {% endfor %}
        ) as parts,
        min(
            least(
                {% for part in parts -%}
                {{ part }}_document{{ ',' if not loop.last }}
                {% endfor %}
            )
        ) as least_part
    from {{ ref('int_roll_rate__moved') }}
    group by months_back, company_code, segment, currency, variant, pair_no

),

newest as (

    select
        months_back,
        variant,
        pair_no,
        start_day,
        end_day
    from {{ ref('int_roll_rate__pair') }}
    where pair_no = 1

),

ledger as (

    select
        newest.months_back,
        scope.company_code,
        segmented.matrix_segment as segment,
        scope.currency,
        newest.variant,
        newest.pair_no,
        sum(scope.open_amount_document) as amount
    from {{ ref('int_roll_rate__scope') }} as scope
    inner join newest
        on scope.effective_from <= newest.start_day and scope.effective_to > newest.start_day
    inner join {{ ref('int_provision__customer') }} as customer
        on
            newest.months_back = customer.months_back
            and scope.company_code = customer.company_code
            and scope.customer_id = customer.customer_id
            and not customer.is_individual
    inner join {{ ref('int_provision__segmented') }} as segmented
        on
            scope.company_code = segmented.company_code
            and scope.customer_id = segmented.customer_id
            and newest.start_day >= segmented.effective_from
            and newest.start_day < segmented.effective_to
    where newest.variant <> 'monthly_30' or scope.original_due_date < newest.end_day
    group by
        newest.months_back, scope.company_code, segmented.matrix_segment, scope.currency,
        newest.variant, newest.pair_no

)

select
    coalesce(rolled.months_back, ledger.months_back) as months_back,
    coalesce(rolled.company_code, ledger.company_code) as company_code,
    coalesce(rolled.variant, ledger.variant) as variant,
    coalesce(rolled.pair_no, ledger.pair_no) as pair_no,
    rolled.amount,
    rolled.parts,
    rolled.least_part,
    ledger.amount as amount_of_ledger
from rolled
full outer join ledger
    on
        rolled.months_back = ledger.months_back
        and rolled.company_code = ledger.company_code
        and rolled.segment = ledger.segment
        and rolled.currency = ledger.currency
        and rolled.variant = ledger.variant
        and rolled.pair_no = ledger.pair_no
where
    rolled.amount <> rolled.parts
    or rolled.least_part < 0
    or (
        coalesce(rolled.pair_no, ledger.pair_no) = 1
        and coalesce(rolled.amount, 0) <> coalesce(ledger.amount, 0)
    )
