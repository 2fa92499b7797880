{{ config(materialized='table') }}

{#- Every stretch of time in which a party gave a reason to call it in default (policy section 1),
    as believed now: [effective_from, effective_to). What happened on a day stands for that day.

    overdue: net overdue beyond the limit of at least the minor floor of the month. insolvency,
    dishonest_debtor: until the event is told to be lifted. write_off: a day on which credit losses
    of at least the floor were booked. forbearance: an extension or plan agreed when the item was
    long past due, or a second one for it. dishonoured_bill: a company's bill that came back and was
    not replaced in cash within the business days allowed, until it is. -#}
with

customer as (

    select
        company_code,
        customer_id,
        party_id
    from {{ ref('dim_customer') }}
    where not is_intragroup

),

floor as (

    select
        valid_from,
        valid_to,
        floor_minor
    from {{ ref('int_floor__monthly') }}

),

overdue as (

    select
        overdue.party_id,
        'overdue' as reason,
        overdue.effective_from,
        overdue.effective_to,
        overdue.net_overdue_reporting as amount_reporting
    from {{ ref('int_default__overdue') }} as overdue
    inner join floor
        on
            overdue.effective_from >= floor.valid_from
            and overdue.effective_from < floor.valid_to
    where overdue.net_overdue_reporting > 0 and overdue.net_overdue_reporting >= floor.floor_minor

),

credit_event as (

    {{ current_version('credit_event') }}

),

told as (

    select
        customer.party_id,
        credit_event.kind as reason,
        credit_event.event_date as effective_from,
        coalesce(
            min(
                case when {{ is_lifted_event('credit_event.value') }}
                    then credit_event.event_date end
            ) over (
                partition by credit_event.company_code, credit_event.customer_id, credit_event.kind
                order by credit_event.event_date
                rows between 1 following and unbounded following
            ),
            {{ end_of_days() }}
        ) as effective_to,
        {{ is_lifted_event('credit_event.value') }} as is_lifted
    from credit_event
    inner join customer
        on
            credit_event.company_code = customer.company_code
            and credit_event.customer_id = customer.customer_id
    where credit_event.kind in ('insolvency', 'dishonest_debtor')

),

written_off as (

    select
        customer.party_id,
        loss.effective_date,
        sum(loss.amount_reporting) as amount_reporting
    from {{ ref('int_write_off__valued') }} as loss
    inner join customer
        on loss.company_code = customer.company_code and loss.customer_id = customer.customer_id
    where loss.movement_kind = 'write_off'
    group by customer.party_id, loss.effective_date

),

loss as (

    select
        written_off.party_id,
        'write_off' as reason,
        written_off.effective_date as effective_from,
        {{ add_days('written_off.effective_date', 1) }} as effective_to,
        written_off.amount_reporting
    from written_off
    inner join floor
        on
            written_off.effective_date >= floor.valid_from
            and written_off.effective_date < floor.valid_to
    where written_off.amount_reporting > 0 and written_off.amount_reporting >= floor.floor_minor

),

promise as (

    {{ current_version('promise') }}

),

agreed as (

    select distinct
        company_code,
        customer_id,
        document_id,
        instalment_no,
        case when kind = 'extension' then approved_on else coalesce(approved_on, made_on) end
            as agreed_on
    from promise
    where
        kind in ('extension', 'plan')
        and (kind = 'plan' or approved_on is not null)
        and (cancelled_on is null or cancelled_on > coalesce(approved_on, made_on))

),

-- What the agreement was about: the items of its document, or all that the customer owed then.
agreed_item as (

    {% for named in [true, false] -%}
    select
        balance.open_item_id,
        balance.company_code,
        balance.customer_id,
        agreed.agreed_on,
        {{ 'true' if named else 'false' }} as is_named,
        balance.open_amount_document,
        {{ days_between('balance.original_due_date', 'agreed.agreed_on') }} as days_past_due
    from agreed
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            agreed.company_code = balance.company_code
            {% if named -%}
            and agreed.document_id = balance.document_id
            and (agreed.instalment_no is null or agreed.instalment_no = balance.instalment_no)
            and balance.item_kind not in ('receipt', 'refund', 'bill')
            {%- else -%}
            and agreed.customer_id = balance.customer_id
            {%- endif %}
            and balance.effective_from <= agreed.agreed_on
            and balance.effective_to > agreed.agreed_on
    where
        agreed.document_id is {{ 'not ' if named }}null
        and agreed.agreed_on <= {{ as_of() }}
        and balance.known_to = {{ end_of_time() }}
        and balance.receivable_class = 'trade'
        and balance.open_amount_document >= {{ policy_value('count_floor') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

numbered as (

    select
        *,
        -- items of one document, or lines of one plan, agreed on one day are one agreement
        dense_rank() over (partition by open_item_id, is_named order by agreed_on) as agreement_no
    from agreed_item

),

forborne as (

    select distinct
        customer.party_id,
        'forbearance' as reason,
        numbered.agreed_on as effective_from,
        {{ add_days('numbered.agreed_on', 1) }} as effective_to
    from numbered
    inner join customer
        on
            numbered.company_code = customer.company_code
            and numbered.customer_id = customer.customer_id
    where
        numbered.days_past_due > {{ policy_value('default_forbearance_days') }}
        or (numbered.is_named and numbered.agreement_no > 1)

),

dishonoured as (

    select
        customer.party_id,
        movement.company_code,
        movement.currency,
        movement.effective_date,
        -sum(movement.amount_document) as amount_document
    from {{ ref('fct_receivable_movement') }} as movement
    inner join {{ ref('fct_open_item') }} as item
        on movement.open_item_id = item.open_item_id
    inner join {{ ref('int_provision__acceptor') }} as acceptor
        on
            item.company_code = acceptor.company_code
            and item.document_id = acceptor.receipt_id
            and acceptor.acceptor = 'corporate'
    inner join customer
        on
            movement.company_code = customer.company_code
            and movement.customer_id = customer.customer_id
    where
        movement.known_to = {{ end_of_time() }}
        and movement.movement_kind = 'bill_dishonoured'
        and movement.amount_document < 0
    group by
        customer.party_id, movement.company_code, movement.currency, movement.effective_date

),

due_in_cash as (

    select
        dishonoured.*,
        {{ add_days('deadline.day', 1) }} as effective_from
    from dishonoured
    inner join {{ ref('int_company') }} as company
        on dishonoured.company_code = company.company_code
    inner join {{ ref('int_business_day__numbered') }} as today
        on
            today.country = coalesce(company.country, '(none)')
            and today.day = dishonoured.effective_date
    inner join {{ ref('int_business_day__numbered') }} as deadline
        on
            deadline.country = today.country
            and deadline.is_business_day
            and deadline.business_day_no = today.business_day_no
            + {{ policy_value('default_bill_replacement_business_days') }}

),

cash as (

    select
        customer.party_id,
        item.company_code,
        item.currency,
        item.opened_on as day,
        -item.original_amount_document as amount_document
    from {{ ref('fct_open_item') }} as item
    inner join {{ ref('int_kpi__item') }} as described
        on item.open_item_id = described.open_item_id
    inner join customer
        on item.company_code = customer.company_code and item.customer_id = customer.customer_id
    where
        item.is_current
        and item.item_kind = 'receipt'
        and item.voided_on is null
        and not described.is_bill_receipt

),

replaced as (

    select
        due_in_cash.party_id,
        due_in_cash.company_code,
        due_in_cash.currency,
        due_in_cash.effective_date,
        cash.day,
        due_in_cash.amount_document,
        sum(cash.amount_document) over (
            partition by
                due_in_cash.party_id, due_in_cash.company_code, due_in_cash.currency,
                due_in_cash.effective_date
            order by cash.day
            rows between unbounded preceding and current row
        ) as cash_document
    from due_in_cash
    inner join cash
        on
            due_in_cash.party_id = cash.party_id
            and due_in_cash.company_code = cash.company_code
            and due_in_cash.currency = cash.currency
            and cash.day >= due_in_cash.effective_date

),

first_replaced as (

    select
        party_id,
        company_code,
        currency,
        effective_date,
        min(day) as replaced_on
    from replaced
    where cash_document >= amount_document
    group by party_id, company_code, currency, effective_date

),

bill as (

    select
        due_in_cash.party_id,
        'dishonoured_bill' as reason,
        due_in_cash.effective_from,
        coalesce(first_replaced.replaced_on, {{ end_of_days() }}) as effective_to
    from due_in_cash
    left join first_replaced
        on {{ equal_key('due_in_cash', 'first_replaced',
            ['party_id', 'company_code', 'currency', 'effective_date']) }}
    where
        first_replaced.replaced_on is null
        or first_replaced.replaced_on >= due_in_cash.effective_from

),

every as (

    select party_id, reason, effective_from, effective_to, amount_reporting
    from overdue
    union all
    select party_id, reason, effective_from, effective_to, null as amount_reporting
    from told
    where not is_lifted
    union all
    select party_id, reason, effective_from, effective_to, amount_reporting
    from loss
    union all
    select party_id, reason, effective_from, effective_to, null as amount_reporting
    from forborne
    union all
    select party_id, reason, effective_from, effective_to, null as amount_reporting
    from bill

),

final as (

    select
        party_id,
        reason,
        effective_from,
        -- a bill replaced on the day itself gave a reason on that day
        greatest(effective_to, {{ add_days('effective_from', 1) }}) as effective_to,
        amount_reporting
    from every
    where effective_from <= {{ as_of() }}

)

select * from final
