{#- The common measures of risk of a debtor over time (policy section 1), in both readings (known_days.sql).

    Belongs here: its undisputed positions of class trade, the oldest of them, and all measures side by side. Must not:
    net overdue itself (net_overdue.sql), floors and thresholds. -#}

{#- Rows of class trade that were open: debit items (`amount_document` is their undisputed part) and credits (the amount
    is positive), each with the days on which it was so by `reading` (known_days.sql). Customers are the parties they
    are confirmed to be now, intragroup or not: neither is on the knowledge clock. -#}
{% macro risk_positions(reading) %}
{%- set columns = [
    'open_item_id', 'company_code', 'customer_id', 'currency', 'item_kind', 'document_id', 'instalment_no', 'due_date',
    'original_due_date', 'open_amount_document'
] -%}
with

customer as (

    select
        company_code,
        customer_id,
        party_id,
        is_intragroup
    from {{ ref('dim_customer') }}

),

trade as (

    select *
    from {{ ref('fct_open_item_balance') }}
    where
        receivable_class = 'trade'
        and effective_from <= {{ as_of() }}
        and open_amount_document <> 0

),

balance as (

    {{ believed(reading, 'trade', columns) }}

),

raised as (

    select *
    from {{ ref('stg_landing__dispute') }}
    where not is_deleted

),

dispute as (

    {{ believed(
        reading, 'raised', ['company_code', 'document_id', 'instalment_no', 'amount'], 'opened_on', 'closed_on'
    ) }}

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

    {% for relation in ['contested_balance', 'dispute'] -%}
    {% for day in ['day_from', 'day_to'] -%}
    select
        company_code,
        document_id,
        {{ day }} as day
    from {{ relation }}
    {{ 'union distinct' if not loop.last }}
    {% endfor -%}
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
        {{ qualified('contested_balance', columns) }},
        boundary_interval.day,
        boundary_interval.next_day
    from contested_balance
    inner join boundary_interval
        on
            contested_balance.company_code = boundary_interval.company_code
            and contested_balance.document_id = boundary_interval.document_id
            and contested_balance.day_from <= boundary_interval.day
            and contested_balance.day_to > boundary_interval.day

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
            and dispute.day_from <= boundary.day
            and dispute.day_to > boundary.day
    group by boundary.day, dispute.company_code, dispute.document_id, dispute.instalment_no

),

disputed as (

    {{ with_disputed_amount('cut', 'dispute_on_day') }}

),

position as (

    select
        {{ qualified('balance', columns) }},
        balance.day_from,
        balance.day_to,
        cast(0 as decimal(18, 2)) as disputed_amount_document
    from balance
    left join contested
        on
            balance.company_code = contested.company_code
            and balance.document_id = contested.document_id
            and balance.item_kind not in ('receipt', 'refund')
            and balance.open_amount_document > 0
    where contested.document_id is null
    union all
    select
        {{ columns | join(', ') }},
        day as day_from,
        next_day as day_to,
        disputed_amount_document
    from disputed

),

final as (

    select
        customer.party_id,
        customer.is_intragroup,
        position.open_item_id,
        position.company_code,
        position.customer_id,
        position.currency,
        position.item_kind,
        position.due_date,
        position.original_due_date,
        position.open_amount_document < 0 as is_credit,
        position.day_from,
        position.day_to,
        cast(
            abs(position.open_amount_document) - position.disputed_amount_document
            as decimal(18, 2)
        ) as amount_document,
        position.disputed_amount_document
    from position
    inner join customer
        on
            position.company_code = customer.company_code
            and position.customer_id = customer.customer_id
    where position.day_from <= {{ as_of() }}

)

select * from final
{% endmacro %}

{#- What stands beside net overdue: what is owed, what of it is contested, what is owing the other way. -#}
{% macro risk_balances() -%}
    {{ return({
        'gross_receivable_reporting': {
            'amount': 'amount_document + disputed_amount_document', 'condition': 'not is_credit'},
        'disputed_reporting': {
            'amount': 'disputed_amount_document', 'condition': 'disputed_amount_document > 0'},
        'unapplied_cash_reporting': {
            'amount': 'amount_document', 'condition': "is_credit and item_kind in ('receipt', 'refund')"},
        'open_credit_reporting': {
            'amount': 'amount_document', 'condition': "is_credit and item_kind not in ('receipt', 'refund')"}
    }) }}
{%- endmacro %}

{#- The days on which each due date was the oldest that a party had undisputed and overdue, before credits: [day_from,
    day_to). An item is overdue from the day after its due date on, so older ones began before younger ones and the
    oldest leave off one after the other: the days of each begin where all older ones have ended, one running maximum.
    What stood up late (booked late, reopened, known late) may be older than what is there: `is_late`, to be looked up
    by day. -#}
{% macro oldest_overdue(positions) %}
select
    party_id,
    due_date,
    is_late,
    day_from,
    day_to
from (
    select
        party_id,
        due_date,
        is_late,
        greatest(
            day_from,
            case when is_late then day_from else coalesce(
                max(day_to) over (
                    partition by party_id, is_late
                    order by due_date
                    rows between unbounded preceding and 1 preceding
                ),
                day_from
            ) end
        ) as day_from,
        day_to
    from (
        select
            party_id,
            due_date,
            day_from > {{ add_days('due_date', 1) }} as is_late,
            day_from,
            day_to
        from (
            select
                party_id,
                due_date,
                day as day_from,
                coalesce(
                    lead(day) over (partition by party_id, due_date order by day), {{ end_of_days() }}
                ) as day_to,
                open_count,
                coalesce(lag(open_count) over (partition by party_id, due_date order by day), 0) as count_before
            from (
                select
                    party_id,
                    due_date,
                    day,
                    sum(sum(change)) over (
                        partition by party_id, due_date
                        order by day
                        rows between unbounded preceding and current row
                    ) as open_count
                from (
                    {% for sign, day in [
                        ('1', 'greatest(day_from, ' ~ add_days('due_date', 1) ~ ')'), ('-1', 'day_to')
                    ] -%}
                    select
                        party_id,
                        due_date,
                        {{ day }} as day,
                        {{ sign }} as change
                    from {{ positions }}
                    where
                        not is_intragroup
                        and not is_credit
                        and amount_document > 0
                        and day_to > {{ add_days('due_date', 1) }}
                    {{ 'union all' if not loop.last }}
                    {% endfor %}
                ) as stepped
                group by party_id, due_date, day
            ) as counted
        ) as spelled
        where open_count > 0
    ) as told_apart
) as in_line
where day_from < day_to
{% endmacro %}

{#- The common measures of risk by `reading`: net overdue at every age with the balances beside it. -#}
{% macro risk_measures(reading) %}
with

measured as (

    select *
    from (
        {{ net_overdue_history(
            ref('int_risk__open_' ~ reading), 'due_date', net_overdue_ages(), with_balances=true
        ) }}
    ) as history

),

oldest as (

    {{ oldest_overdue(ref('int_risk__open_' ~ reading)) }}

),

-- spells that follow one another: the day number of the one that runs is a running sum
oldest_day as (

    select
        party_id,
        day,
        sum(sum(change)) over (
            partition by party_id
            order by day
            rows between unbounded preceding and current row
        ) as due_day_no
    from (
        select
            party_id,
            effective_from as day,
            0 as change
        from measured
        {% for sign, day in [('', 'day_from'), ('-', 'day_to')] -%}
        union all
        select
            party_id,
            {{ day }} as day,
            {{ sign }}{{ days_between(start_of_days(), 'due_date') }} as change
        from oldest
        where not is_late
        {% endfor %}
    ) as stepped
    group by party_id, day

),

late_day as (

    select
        measured.party_id,
        measured.effective_from as day,
        min(oldest.due_date) as due_date
    from oldest
    inner join measured
        on
            oldest.party_id = measured.party_id
            and oldest.day_from <= measured.effective_from
            and oldest.day_to > measured.effective_from
    where oldest.is_late
    group by measured.party_id, measured.effective_from

),

-- a party in several companies is reconstructed until the last of them delivered
company as (

    select distinct
        company_code,
        first_known_day
    from {{ ref('int_company__known_day') }}

),

party as (

    select
        customer.party_id,
        max(company.first_known_day) as reconstructed_until
    from {{ ref('dim_customer') }} as customer
    inner join company
        on customer.company_code = company.company_code
    group by customer.party_id

),

final as (

    select
        measured.*,
        {{ ratio_of(
            'measured.net_overdue_0_reporting',
            '(measured.gross_receivable_reporting - measured.unapplied_cash_reporting'
            ~ ' - measured.open_credit_reporting)'
        ) }} as overdue_rate,
        case
            when oldest_day.due_day_no > 0 or late_day.due_date is not null
                then least(
                    case when oldest_day.due_day_no > 0
                        then {{ add_days(start_of_days(), 'oldest_day.due_day_no') }}
                        else late_day.due_date end,
                    coalesce(
                        late_day.due_date,
                        {{ add_days(start_of_days(), 'oldest_day.due_day_no') }}
                    )
                )
        end as oldest_due_date,
        party.reconstructed_until
    from measured
    left join oldest_day
        on
            measured.party_id = oldest_day.party_id
            and measured.effective_from = oldest_day.day
    left join late_day
        on measured.party_id = late_day.party_id and measured.effective_from = late_day.day
    left join party
        on measured.party_id = party.party_id

)

select * from final
{% endmacro %}
