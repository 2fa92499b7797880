{#- What a debtor owes beyond n days past due after its credits (net_overdue(n) of policy section 1), over time.

    Belongs here: the undisputed positions of class trade per party, and running sums over their events. Must not:
    floors and thresholds, nor anything that looks at one day only (netting.sql does).

    Credits of one company and currency absorb the oldest items first, and those beyond n days are the oldest: so what
    is left of them is their sum less the credits, if that is more than 0. Both sums run over events (a step of the
    interval table, the day on which an item has become old enough, a dispute that opens or ends), so the cost follows
    events. -#}

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

{#- One row per party and interval of days: what of `positions` (a relation of risk_positions) is more than so many days
    past `due_date_column` after credits, in the reporting currency, one column per entry of `ages` (column: days);
    without intragroup. Each company and currency is translated at the closing rate of the day on which it changes;
    without a rate it counts 0. With `with_balances` also what is owed and owing (columns of risk_balances()), for every
    party that ever had an item, at the rates of every month end besides, and `unconverted_count` says how many accounts
    have no rate. -#}
{% macro net_overdue_history(positions, due_date_column, ages, with_balances=false) %}
{%- set balances = risk_balances() if with_balances else {} -%}
{%- set measures = ages.keys() | list + balances.keys() | list -%}
{%- set results = measures + (['unconverted_count'] if with_balances else []) -%}
with

position as (

    select
        *,
        {{ due_date_column }} as counted_due_date
    from {{ positions }}
    where not is_intragroup

),

age as (

    {% for measure, days in ages.items() -%}
    select
        {{ loop.index }} as measure_no,
        cast({{ days }} as int) as days
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

aged as (

    select
        position.party_id,
        position.company_code,
        position.currency,
        age.measure_no,
        greatest(position.day_from, {{ add_days('position.counted_due_date', 'age.days + 1') }})
            as day_from,
        position.day_to,
        position.amount_document as amount
    from position
    inner join age
        on
            position.day_to > {{ add_days('position.counted_due_date', 'age.days + 1') }}
            and {{ add_days('position.counted_due_date', 'age.days + 1') }} <= {{ as_of() }}
    where not position.is_credit and position.amount_document > 0

),

account as {{ read_once() }} (

    select
        {{ dense_key(['party_id', 'company_code', 'currency']) }} as account_no,
        party_id,
        company_code,
        currency
    from (
        select distinct
            party_id,
            company_code,
            currency
        from {{ 'position' if with_balances else 'aged' }}
    ) as named

),

-- 0 is what credits absorb
credit as (

    select
        party_id,
        company_code,
        currency,
        0 as measure_no,
        day_from,
        day_to,
        amount_document as amount
    from position
    where is_credit

),

{% for column, measured in balances.items() -%}
{{ column }} as (

    select
        party_id,
        company_code,
        currency,
        {{ ages | length + loop.index }} as measure_no,
        day_from,
        day_to,
        {{ measured.amount }} as amount
    from position
    where {{ measured.condition }}

),

{% endfor -%}
step as (

    {% for relation in ['aged', 'credit'] + balances.keys() | list -%}
    {%- for sign, day in [('', 'day_from'), ('-', 'day_to')] -%}
    select
        account.account_no,
        {{ relation }}.measure_no,
        {{ relation }}.{{ day }} as day,
        {{ sign }}{{ relation }}.amount as change
    from {{ relation }}
    inner join account
        on {{ equal_key(relation, 'account', ['party_id', 'company_code', 'currency']) }}
    where {{ relation }}.{{ day }} <= {{ as_of() }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {% if with_balances -%}
    union all
    -- nothing changes but the rate
    select
        account.account_no,
        0 as measure_no,
        month.period_end as day,
        cast(0 as decimal(18, 2)) as change
    from (
        select
            party_id,
            company_code,
            currency,
            min(day_from) as first_day
        from position
        where currency <> '{{ var("reporting_currency") }}'
        group by party_id, company_code, currency
    ) as foreign_account
    inner join account
        on {{ equal_key('foreign_account', 'account', ['party_id', 'company_code', 'currency']) }}
    inner join {{ ref('int_kpi__month') }} as month
        on foreign_account.first_day < month.period_end
    {%- endif %}

),

daily as (

    select
        account_no,
        day,
        {% for measure in ['credit'] + measures -%}
        sum(case when measure_no = {{ loop.index0 }} then change else 0 end) as {{ measure }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from step
    group by account_no, day

),

running as (

    select
        account_no,
        day,
        {% for measure in ages -%}
        greatest(sum({{ measure }}) over along - sum(credit) over along, 0) as {{ measure }}
        {{- ',' if not loop.last or with_balances }}
        {% endfor -%}
        {% for measure in balances -%}
        sum({{ measure }}) over along as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from daily
    window along as (
        partition by account_no
        order by day
        rows between unbounded preceding and current row
    )

),

valued as (

    select
        account.account_no,
        account.party_id,
        running.day,
        {% for measure in measures -%}
        -- an amount without a rate cannot be held against a floor
        coalesce({{ money_times_rate('running.' ~ measure, 'rate.rate_to_reporting') }}, 0)
            as {{ measure }}{{ ',' if not loop.last or with_balances }}
        {% endfor -%}
        {% if with_balances -%}
        case
            when rate.rate_to_reporting is null and (
                {% for measure in balances -%}
                running.{{ measure }} <> 0{{ ' or ' if not loop.last }}
                {%- endfor %}
            ) then 1 else 0
        end as unconverted_count
        {%- endif %}
    from running
    inner join account
        on running.account_no = account.account_no
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            account.company_code = rate.company_code
            and account.currency = rate.currency
            and running.day = rate.day

),

changed as (

    select
        party_id,
        day,
        {% for result in results -%}
        {{ result }} - coalesce(lag({{ result }}) over by_day, 0) as {{ result }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from valued
    window by_day as (partition by account_no order by day)

),

party_day as (

    select
        party_id,
        day,
        {% for result in results -%}
        sum({{ result }}) as {{ result }}{{ ',' if not loop.last }}
        {% endfor %}
    from changed
    group by party_id, day

),

final as (

    select
        party_id,
        day as effective_from,
        coalesce(lead(day) over (partition by party_id order by day), {{ end_of_days() }})
            as effective_to,
        {% for result in results -%}
        cast(sum({{ result }}) over along as {{ 'bigint' if result == 'unconverted_count'
            else 'decimal(18, 2)' }}) as {{ result }}{{ ',' if not loop.last }}
        {% endfor %}
    from party_day
    window along as (
        partition by party_id
        order by day
        rows between unbounded preceding and current row
    )

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

{#- The ages at which policy looks at net overdue, each with its column. -#}
{% macro net_overdue_ages() -%}
    {%- set ages = {} -%}
    {%- for days in [0, 7, 15, 30, 45, 60, 90] -%}
    {%- do ages.update({'net_overdue_' ~ days ~ '_reporting': days}) -%}
    {%- endfor -%}
    {{- return(ages) -}}
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
