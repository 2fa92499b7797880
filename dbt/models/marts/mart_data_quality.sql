with

event as (

    select *
    from {{ ref('int_allocation__event') }}
    where known_to = {{ end_of_time() }}

),

-- An allocation that never changed has one event; only the others are sorted.
repeated as (

    select distinct
        company_code,
        allocation_id
    from event
    where event_no > 1

),

live_event as (

    -- the newest event of each allocation that still stands
    select event.*
    from event
    left join repeated
        on event.company_code = repeated.company_code
            and event.allocation_id = repeated.allocation_id
    where repeated.allocation_id is null
    union all
    select event.*
    from event
    inner join repeated
        on event.company_code = repeated.company_code
            and event.allocation_id = repeated.allocation_id
    qualify row_number() over (
        partition by event.company_code, event.allocation_id
        order by event.event_no desc
    ) = 1

),

existing as (

    select
        voucher_key,
        currency
    from {{ ref('int_voucher__timing') }}
    where known_to = {{ end_of_time() }}

),

orphan_allocation as (

    select
        'orphan_allocation' as rule,
        'warning' as severity,
        live_event.company_code,
        'allocation' as entity,
        live_event.allocation_id as record_id,
        case
            when live_event.is_named_unknown then 'reverses_allocation_id is unknown'
            when to_item.voucher_key is null then 'the item settled is unknown'
            else 'the item used is unknown'
        end as detail,
        live_event.amount as amount_document,
        cast(null as {{ dbt.type_string() }}) as currency,
        live_event._load_id,
        live_event._row
    from live_event
    left join existing as to_item
        on live_event.to_voucher_key = to_item.voucher_key
    left join existing as from_item
        on live_event.from_voucher_key = from_item.voucher_key
    where
        not live_event.is_vanish
        -- nothing was stated that could miss its item
        and not live_event.is_inferred
        and (
            to_item.voucher_key is null
            or (not live_event.is_sink and from_item.voucher_key is null)
            or live_event.is_named_unknown
        )

),

missing_from_amount as (

    select
        'missing_from_amount' as rule,
        'warning' as severity,
        live_event.company_code,
        'allocation' as entity,
        live_event.allocation_id as record_id,
        'currencies differ and from_amount is missing: not applied' as detail,
        live_event.amount as amount_document,
        to_item.currency,
        live_event._load_id,
        live_event._row
    from live_event
    inner join existing as to_item
        on live_event.to_voucher_key = to_item.voucher_key
    inner join existing as from_item
        on live_event.from_voucher_key = from_item.voucher_key
    where
        not live_event.is_vanish and not live_event.is_sink
        and from_item.currency <> to_item.currency and live_event.from_amount is null

),

-- L8: what a reversal takes back must have been there
reversal as (

    select
        reversing.company_code,
        reversing.reverses_allocation_id as allocation_id,
        sum(case when reversing.is_vanish then -reversing.amount else reversing.amount end)
            as reversed_amount
    from event as reversing
    where reversing.is_reversal and reversing.reverses_allocation_id is not null
        and not reversing.is_named_unknown
    group by reversing.company_code, reversing.reverses_allocation_id

),

named_amount as (

    select
        event.company_code,
        event.allocation_id,
        sum(case when event.is_vanish then -event.amount else event.amount end)
            as standing_amount,
        max_by(event._load_id, event.event_no) as _load_id,
        max_by(event._row, event.event_no) as _row
    from event
    inner join reversal
        on event.company_code = reversal.company_code
            and event.allocation_id = reversal.allocation_id
    where not event.is_reversal
    group by event.company_code, event.allocation_id

),

reversal_exceeds_allocation as (

    select
        'reversal_exceeds_allocation' as rule,
        'error' as severity,
        reversal.company_code,
        'allocation' as entity,
        reversal.allocation_id as record_id,
        'reversals take back more than was allocated' as detail,
        reversal.reversed_amount - named_amount.standing_amount as amount_document,
        cast(null as {{ dbt.type_string() }}) as currency,
        named_amount._load_id,
        named_amount._row
    from reversal
    inner join named_amount
        on reversal.company_code = named_amount.company_code and reversal.allocation_id
            = named_amount.allocation_id
    where abs(reversal.reversed_amount) > abs(named_amount.standing_amount)

),

open_now as (

    select * from {{ ref('int_open_item__current') }}

),

clearing_does_not_net as (

    -- one row per group: what its items leave open, and what its difference postings had over
    select
        'clearing_does_not_net' as rule,
        'warning' as severity,
        company_code,
        'document' as entity,
        clearing_id as record_id,
        case when count(distinct currency) = 1
            then 'the items of the clearing do not add up to nothing'
            else 'the items of the clearing do not add up to nothing, in several currencies' end
            as detail,
        case when count(distinct currency) = 1
            then sum(case
                when outcome <> 'open' then -excess_amount
                when to_voucher_key is null then -amount
                else amount
            end) end
            as amount_document,
        case when count(distinct currency) = 1 then min(currency) end as currency,
        cast(null as bigint) as _load_id,
        cast(null as bigint) as _row
    from {{ ref('int_settlement__netted') }}
    where
        known_to = {{ end_of_time() }}
        and (outcome = 'open' or excess_amount <> 0)
    group by company_code, clearing_id

),

over_allocation as (

    -- L5: shown, not capped
    select
        'over_allocation' as rule,
        'warning' as severity,
        company_code,
        'document' as entity,
        open_item_id as record_id,
        'more was allocated than was open: the item is a credit' as detail,
        open_amount_document as amount_document,
        currency,
        cast(null as bigint) as _load_id,
        cast(null as bigint) as _row
    from open_now
    where
        (item_kind in ('invoice', 'debit_note', 'interest', 'unbilled', 'refund')
            and open_amount_document < 0)
        or (item_kind in ('credit_note', 'receipt') and open_amount_document > 0)

),

missing_rate as (

    select
        'missing_rate' as rule,
        'warning' as severity,
        company_code,
        'document' as entity,
        open_item_id as record_id,
        'no rate on or within 7 days before the accounting date' as detail,
        open_amount_document as amount_document,
        currency,
        cast(null as bigint) as _load_id,
        cast(null as bigint) as _row
    from open_now
    where is_unconverted

),

missing_due_date as (

    select
        'missing_due_date' as rule,
        'warning' as severity,
        open_now.company_code,
        'document' as entity,
        open_now.open_item_id as record_id,
        'no due date and no readable payment terms: the document date is used' as detail,
        open_now.open_amount_document as amount_document,
        open_now.currency,
        item._load_id,
        item._row
    from open_now
    inner join {{ ref('fct_open_item') }} as item
        on open_now.open_item_id = item.open_item_id
    where item.is_due_date_missing
        and open_now.item_kind in ('invoice', 'debit_note', 'opening_balance')

),

unread_payment_terms as (

    -- one row per term, not per document: the answer is one rule in one master
    select
        'unread_payment_terms' as rule,
        'warning' as severity,
        company_code,
        'payment_term' as entity,
        terms_text as record_id,
        question as detail,
        cast(null as decimal(18, 2)) as amount_document,
        cast(null as {{ dbt.type_string() }}) as currency,
        _load_id,
        _row
    from {{ ref('int_payment_term__read') }}
    where question is not null and known_to = {{ end_of_time() }}

),

instalment_sum as (

    select distinct
        'instalment_sum' as rule,
        'warning' as severity,
        keyed.company_code,
        'instalment' as entity,
        keyed.voucher_id as record_id,
        'instalments do not sum to the document: the plan is set aside' as detail,
        plan.amount as amount_document,
        cast(null as {{ dbt.type_string() }}) as currency,
        plan._load_id,
        plan._row
    from {{ ref('int_instalment_plan__version') }} as plan
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on plan.voucher_key = keyed.voucher_key
    where plan.is_set_aside and plan.known_to = {{ end_of_time() }}

),

future_dated as (

    select
        'future_dated' as rule,
        'warning' as severity,
        keyed.company_code,
        case when keyed.voucher_kind = 'R' then 'receipt' else 'document' end as entity,
        keyed.voucher_id as record_id,
        'accounting date after the as-of date: counted, not in any balance yet' as detail,
        version.amount_document,
        version.currency,
        version._load_id,
        version._row
    from {{ ref('int_voucher__version') }} as version
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on version.voucher_key = keyed.voucher_key
    where version.known_to = {{ end_of_time() }} and version.opened_on > {{ as_of() }}

),

unknown_company as (

    select
        'unknown_company' as rule,
        'error' as severity,
        keyed.company_code,
        case when keyed.voucher_kind = 'R' then 'receipt' else 'document' end as entity,
        keyed.voucher_id as record_id,
        'the company is neither in arrears.yml nor in a company extract' as detail,
        version.amount_document,
        version.currency,
        version._load_id,
        version._row
    from {{ ref('int_voucher__version') }} as version
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on version.voucher_key = keyed.voucher_key
    where version.known_to = {{ end_of_time() }} and version.functional_currency is null

),

rejected as (

    select
        'rejected_row' as rule,
        'warning' as severity,
        company_code,
        entity,
        file || ':' || cast(row as {{ dbt.type_string() }}) as record_id,
        reason_code || coalesce(' in ' || column_name, '') || coalesce(': ' || original_text, '')
            as detail,
        amount as amount_document,
        currency,
        load_id as _load_id,
        row as _row
    from {{ source('landing', 'rejected_row') }}

),

confirmed as (

    select
        company_code,
        customer_id
    from {{ source('landing', 'customer_crosswalk') }}
    union distinct
    select
        party_company_code as company_code,
        party_id as customer_id
    from {{ source('landing', 'customer_crosswalk') }}

),

unknown_crosswalk_customer as (

    select
        'unknown_crosswalk_customer' as rule,
        'warning' as severity,
        confirmed.company_code,
        'customer' as entity,
        confirmed.customer_id as record_id,
        'the crosswalk file confirms it, and no delivery names it: was the id changed on saving?'
            as detail,
        cast(null as decimal(18, 2)) as amount_document,
        cast(null as {{ dbt.type_string() }}) as currency,
        cast(null as bigint) as _load_id,
        cast(null as bigint) as _row
    from confirmed
    left join {{ ref('dim_customer') }} as customer
        on
            confirmed.company_code = customer.company_code
            and confirmed.customer_id = customer.customer_id
    where customer.customer_id is null

),

bank_statement as (

    select *
    from {{ ref('mart_bank_statement') }}

),

statement_not_proved as (

    select
        'statement_not_proved' as rule,
        'warning' as severity,
        company_code,
        'bank_statement' as entity,
        account || ' ' || statement_id as record_id,
        case
            when proof = 'not_proved'
                then 'opening balance and lines do not give the closing balance'
            when proof = 'no_balances' then 'it has no closing balance: was the file cut off?'
            else 'a line has no readable amount'
        end as detail,
        difference_document as amount_document,
        currency,
        _load_id,
        _row
    from bank_statement
    where
        proof in ('not_proved', 'unreadable_line')
        -- formats without opening balances have nothing to prove; one that opens must close
        or (proof = 'no_balances' and opening_balance_document is not null)

),

statement_gap as (

    select
        'statement_gap' as rule,
        'warning' as severity,
        company_code,
        'bank_statement' as entity,
        account || ' ' || statement_id as record_id,
        case
            when continuity = 'gap' then 'a statement is missing after '
            else 'its period overlaps that of '
        end || previous_statement_id as detail,
        gap_document as amount_document,
        currency,
        _load_id,
        _row
    from bank_statement
    where continuity in ('gap', 'overlaps')

),

unread_target as (

    select * from {{ ref('int_target__finding') }}

),

bill as (

    select * from {{ ref('int_bill__finding') }}

),

finding as (

    {% for source in [
        'orphan_allocation', 'missing_from_amount', 'reversal_exceeds_allocation',
        'clearing_does_not_net', 'over_allocation', 'missing_rate', 'missing_due_date',
        'unread_payment_terms', 'instalment_sum', 'future_dated', 'unknown_company',
        'unknown_crosswalk_customer', 'statement_not_proved', 'statement_gap', 'rejected', 'unread_target', 'bill'
    ] -%}
    select * from {{ source }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        cast(rule as {{ dbt.type_string() }}) as rule,
        cast(severity as {{ dbt.type_string() }}) as severity,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(entity as {{ dbt.type_string() }}) as entity,
        cast(record_id as {{ dbt.type_string() }}) as record_id,
        cast(detail as {{ dbt.type_string() }}) as detail,
        cast(amount_document as decimal(18, 2)) as amount_document,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(_load_id as bigint) as _load_id,
        cast(_row as bigint) as _row
    from finding

)

select * from final
order by rule, company_code, record_id
