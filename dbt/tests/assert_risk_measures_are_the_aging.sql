{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- On the as-of date both readings are one, and what parties owe is what aging says, item by item
-- translated: to half a cent for each.
with

aging as (

    select
        customer.party_id,
        sum(case when aging.open_amount_reporting > 0 then aging.open_amount_reporting else 0 end)
            as owed,
        sum(case when aging.open_amount_reporting < 0 then -aging.open_amount_reporting else 0 end)
            as credit,
        count(*) as item_count
    from {{ ref('mart_aging') }} as aging
    inner join {{ ref('dim_customer') }} as customer
        on aging.company_code = customer.company_code and aging.customer_id = customer.customer_id
    where aging.receivable_class = 'trade' and not customer.is_intragroup
    group by customer.party_id

),

{% for reading in ['now', 'then'] -%}
measured_{{ reading }} as (

    select *
    from {{ ref('int_risk__measured_' ~ reading) }}
    where effective_from <= {{ as_of() }} and effective_to > {{ as_of() }}

){{ ',' if not loop.last }}

{% endfor %}
select
    coalesce(aging.party_id, measured_now.party_id, measured_then.party_id) as party_id,
    aging.owed as owed_in_aging,
    measured_now.gross_receivable_reporting as owed_now,
    measured_then.gross_receivable_reporting as owed_then
from aging
full outer join measured_now
    on aging.party_id = measured_now.party_id
full outer join measured_then
    on coalesce(aging.party_id, measured_now.party_id) = measured_then.party_id
where
    abs(coalesce(aging.owed, 0) - coalesce(measured_now.gross_receivable_reporting, 0))
    > 0.01 * coalesce(aging.item_count, 0)
    or abs(
        coalesce(aging.credit, 0) - coalesce(measured_now.unapplied_cash_reporting, 0)
        - coalesce(measured_now.open_credit_reporting, 0)
    ) > 0.01 * coalesce(aging.item_count, 0)
    {% for column in ['gross_receivable_reporting', 'disputed_reporting',
        'unapplied_cash_reporting', 'open_credit_reporting'] + net_overdue_ages().keys() | list -%}
    or coalesce(measured_now.{{ column }}, 0) <> coalesce(measured_then.{{ column }}, 0)
    {% endfor %}
