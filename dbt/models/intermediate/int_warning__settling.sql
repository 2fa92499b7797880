{{ config(materialized='table') }}

{#- With what each party has paid in the last 90 days and in the last 365: commercial bills and
    receivable certificates as a share of all it paid, bills that its contract does not allow, and
    bills whose acceptor is on the list of those who do not pay (policy_overdue_acceptor). As
    believed now, at the rate of the day. -#}
with

listed as (

    select
        acceptor,
        {{ policy_approval() }}
    from {{ policy_table('policy_overdue_acceptor') }}

),

listed_in_force as (

    select distinct acceptor
    from listed
    where {{ is_in_force() }}

),

contract as (

    {{ current_version('contract') }}

),

receipt as (

    select
        customer.party_id,
        receipt.company_code,
        receipt.customer_id,
        receipt.receipt_date as day,
        receipt.acceptor,
        coalesce(receipt.method in ('commercial_acceptance', 'receivable_certificate'), false)
            as is_commercial,
        {{ is_bill_receipt('receipt') }} as is_bill,
        coalesce({{ money_times_rate('receipt.amount', 'rate.rate_to_reporting') }}, 0) as amount
    from {{ ref('stg_landing__receipt') }} as receipt
    inner join {{ ref('dim_customer') }} as customer
        on
            receipt.company_code = customer.company_code
            and receipt.customer_id = customer.customer_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            receipt.company_code = rate.company_code
            and receipt.currency = rate.currency
            and receipt.receipt_date = rate.day
    where
        receipt.known_to = {{ end_of_time() }}
        and {{ is_standing_receipt('receipt') }}
        and coalesce(receipt.status, 'cleared') = 'cleared'
        and receipt.amount > 0
        and receipt.receipt_date <= {{ as_of() }}
        and not customer.is_intragroup

),

judged as (

    select
        receipt.*,
        case when receipt.is_commercial then receipt.amount else 0 end as commercial_amount,
        receipt.is_bill and exists (
            select 1
            from contract
            where
                receipt.company_code = contract.company_code
                and receipt.customer_id = contract.customer_id
                and not contract.bill_allowed
                and (contract.valid_from is null or contract.valid_from <= receipt.day)
                and (contract.valid_to is null or contract.valid_to >= receipt.day)
        ) as is_not_allowed,
        listed_in_force.acceptor is not null as is_listed
    from receipt
    left join listed_in_force
        on receipt.acceptor = listed_in_force.acceptor

),

change as (

    {% for days in [90, 365] -%}
    {% for sign in ['', '-'] -%}
    select
        party_id,
        {{ add_days('day', days) if sign else 'day' }} as day,
        {% for window in [90, 365] -%}
        {{ sign ~ 'amount' if window == days else '0' }} as settled_{{ window }},
        {{ sign ~ 'commercial_amount' if window == days else '0' }} as commercial_{{ window }},
        {% endfor -%}
        {{ 'case when is_not_allowed then ' ~ sign ~ '1 else 0 end' if days == 90 else '0' }}
            as bill_not_allowed_count,
        {{ 'case when is_listed then ' ~ sign ~ '1 else 0 end' if days == 90 else '0' }}
            as listed_acceptor_count
    from judged
    {{ 'union all' if not (sign and days == 365) }}
    {% endfor -%}
    {% endfor %}

),

running as (

    {{ running_sums('change', ['party_id'], [
        'settled_90', 'commercial_90', 'settled_365', 'commercial_365', 'bill_not_allowed_count',
        'listed_acceptor_count'
    ]) }}

),

-- only who pays by bill has an acceptor
newest as (

    select
        running.party_id,
        running.effective_from,
        max_by(judged.acceptor, {{ dated_order('judged.day', ['judged.acceptor']) }})
            as acceptor
    from running
    inner join judged
        on
            running.party_id = judged.party_id
            and judged.is_bill
            and running.effective_from >= judged.day
            and running.effective_from < {{ add_days('judged.day', 90) }}
    where running.commercial_90 > 0 or running.bill_not_allowed_count > 0
    group by running.party_id, running.effective_from

),

final as (

    select
        running.party_id,
        running.effective_from,
        running.effective_to,
        running.settled_90,
        {{ ratio_of('running.commercial_90', 'running.settled_90') }} as commercial_bill_share_90,
        {{ ratio_of('running.commercial_365', 'running.settled_365') }}
            as commercial_bill_share_365,
        running.bill_not_allowed_count,
        running.listed_acceptor_count,
        newest.acceptor as bill_acceptor
    from running
    left join newest
        on
            running.party_id = newest.party_id
            and running.effective_from = newest.effective_from

)

select * from final
