{{ config(materialized='table') }}

{#- What each party owes undisputed beyond the days past due that policy calls default, on the
    original due date, after its credits, on every day on which that changes (policy section 1).

    Credits of one company and currency absorb the oldest items first, and those beyond n days are
    the oldest: so what is left of them is their sum less the credits, if that is more than 0. Both
    sums run over events (a step of the interval table, the day on which an item has become old
    enough, a dispute that opens or ends), so the cost follows events. Each company and currency is
    translated at the closing rate of the day on which it changes. -#}
with

customer as (

    select
        company_code,
        customer_id,
        party_id
    from {{ ref('dim_customer') }}
    where not is_intragroup

),

balance as (

    select
        balance.*,
        {{ add_days('balance.original_due_date', 'cast(' ~ policy_value('default_days_past_due')
            ~ ' as int) + 1') }} as first_day
    from {{ ref('fct_open_item_balance') }} as balance
    where
        balance.known_to = {{ end_of_time() }}
        and balance.receivable_class = 'trade'
        and balance.effective_from <= {{ as_of() }}
        and balance.open_amount_document <> 0

),

dispute as (

    {{ current_version('dispute') }}

),

contested as (

    select distinct
        company_code,
        document_id
    from dispute

),

contested_balance as (

    select balance.*
    from balance
    inner join contested
        on
            balance.company_code = contested.company_code
            and balance.document_id = contested.document_id
    where balance.open_amount_document > 0 and balance.item_kind not in ('receipt', 'refund')

),

-- The days on which the undisputed part of a contested document can change.
boundary as (

    {% for relation, day in [('contested_balance', 'effective_from'), ('dispute', 'opened_on'),
        ('dispute', 'closed_on')] -%}
    select
        company_code,
        document_id,
        {{ day }} as day
    from {{ relation }}
    where {{ day }} is not null
    {{ 'union distinct' if not loop.last }}
    {% endfor %}

),

boundary_interval as (

    select
        *,
        coalesce(
            lead(day) over (partition by company_code, document_id order by day),
            {{ end_of_days() }}
        ) as next_day
    from boundary

),

cut as (

    select
        contested_balance.*,
        boundary_interval.day,
        boundary_interval.next_day
    from contested_balance
    inner join boundary_interval
        on
            contested_balance.company_code = boundary_interval.company_code
            and contested_balance.document_id = boundary_interval.document_id
            and contested_balance.effective_from <= boundary_interval.day
            and contested_balance.effective_to > boundary_interval.day

),

dispute_on_day as (

    select
        boundary.day,
        dispute.company_code,
        dispute.document_id,
        dispute.instalment_no,
        sum(coalesce(dispute.amount, {{ money('9999999999999999') }})) as disputed_amount
    from boundary
    inner join dispute
        on
            boundary.company_code = dispute.company_code
            and boundary.document_id = dispute.document_id
            and dispute.opened_on <= boundary.day
            and (dispute.closed_on is null or dispute.closed_on > boundary.day)
    group by boundary.day, dispute.company_code, dispute.document_id, dispute.instalment_no

),

disputed as (

    {{ with_disputed_amount('cut', 'dispute_on_day') }}

),

debit as (

    select
        balance.company_code,
        balance.customer_id,
        balance.currency,
        balance.first_day,
        balance.effective_from,
        balance.effective_to,
        balance.open_amount_document as amount
    from balance
    left join contested
        on
            balance.company_code = contested.company_code
            and balance.document_id = contested.document_id
            and balance.item_kind not in ('receipt', 'refund')
    where balance.open_amount_document > 0 and contested.document_id is null
    union all
    select
        company_code,
        customer_id,
        currency,
        first_day,
        day as effective_from,
        least(effective_to, next_day) as effective_to,
        open_amount_document - disputed_amount_document as amount
    from disputed

),

overdue as (

    select
        customer.party_id,
        debit.company_code,
        debit.currency,
        greatest(debit.effective_from, debit.first_day) as effective_from,
        debit.effective_to,
        debit.amount
    from debit
    inner join customer
        on debit.company_code = customer.company_code and debit.customer_id = customer.customer_id
    where
        debit.amount > 0
        and debit.effective_to > debit.first_day
        and debit.first_day <= {{ as_of() }}

),

account as (

    select distinct
        party_id,
        company_code,
        currency
    from overdue

),

credit as (

    select
        account.party_id,
        balance.company_code,
        balance.currency,
        balance.effective_from,
        balance.effective_to,
        -balance.open_amount_document as amount
    from balance
    inner join customer
        on
            balance.company_code = customer.company_code
            and balance.customer_id = customer.customer_id
    inner join account
        on
            customer.party_id = account.party_id
            and balance.company_code = account.company_code
            and balance.currency = account.currency
    where balance.open_amount_document < 0

),

step as (

    {% for relation, column in [('overdue', 'overdue_change'), ('credit', 'credit_change')] -%}
    {%- for sign, day in [('', 'effective_from'), ('-', 'effective_to')] -%}
    select
        party_id,
        company_code,
        currency,
        {{ day }} as day,
        {{ (sign ~ 'amount') if relation == 'overdue' else '0' }} as overdue_change,
        {{ (sign ~ 'amount') if relation == 'credit' else '0' }} as credit_change
    from {{ relation }}
    where {{ day }} <= {{ as_of() }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

daily as (

    select
        party_id,
        company_code,
        currency,
        day,
        sum(overdue_change) as overdue_change,
        sum(credit_change) as credit_change
    from step
    group by party_id, company_code, currency, day

),

running as (

    select
        party_id,
        company_code,
        currency,
        day,
        cast(
            greatest(sum(overdue_change) over along - sum(credit_change) over along, 0)
            as decimal(18, 2)
        ) as net_overdue_document
    from daily
    window along as (
        partition by party_id, company_code, currency
        order by day
        rows between unbounded preceding and current row
    )

),

valued as (

    select
        running.party_id,
        running.company_code,
        running.currency,
        running.day,
        -- an amount without a rate cannot be held against a floor
        coalesce(
            {{ money_times_rate('running.net_overdue_document', 'rate.rate_to_reporting') }}, 0
        ) as net_overdue
    from running
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            running.company_code = rate.company_code
            and running.currency = rate.currency
            and running.day = rate.day

),

changed as (

    select
        party_id,
        day,
        net_overdue - coalesce(
            lag(net_overdue) over (partition by party_id, company_code, currency order by day), 0
        ) as net_overdue_change
    from valued

),

party_day as (

    select
        party_id,
        day,
        sum(net_overdue_change) as net_overdue_change
    from changed
    group by party_id, day

),

final as (

    select
        party_id,
        day as effective_from,
        coalesce(lead(day) over (partition by party_id order by day), {{ end_of_days() }})
            as effective_to,
        cast(
            sum(net_overdue_change) over (
                partition by party_id
                order by day
                rows between unbounded preceding and current row
            ) as decimal(18, 2)
        ) as net_overdue_reporting
    from party_day

)

select * from final
