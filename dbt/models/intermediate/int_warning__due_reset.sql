{{ config(materialized='table') }}

{#- Items whose due date was set to a later day after issue, when the first one was over or less
    than 15 days ahead: by a new version of the document 改期, or by a credit note and a new invoice
    红冲重开 (accounting A16): the document that it says it replaces, or the one that a credit note
    settled, of the same customer and currency, within 15 days, the amounts within 1 %. Seen for 90
    days, or until somebody has reviewed it (a collection activity on the document with outcome
    `reviewed`). Extensions on record are no resets: they were agreed. -#}
with

-- nearly all documents never changed, and need no window
changed as (

    select distinct
        company_code,
        document_id
    from {{ ref('stg_landing__document') }}
    where known_to < {{ end_of_time() }}

),

version as (

    select
        document.company_code,
        document.document_id,
        document.due_date,
        document.known_from,
        lag(document.due_date) over (
            partition by document.company_code, document.document_id
            order by document.known_from
        ) as due_date_before
    from {{ ref('stg_landing__document') }} as document
    inner join changed
        on
            document.company_code = changed.company_code
            and document.document_id = changed.document_id
    where not document.is_deleted and document.document_type in ('invoice', 'debit_note')

),

moved as (

    select
        version.company_code,
        version.document_id,
        version.due_date_before,
        version.due_date as due_date_after,
        known_day.known_day as reset_on,
        'version' as how,
        cast(null as {{ dbt.type_string() }}) as replaced_document_id
    from version
    inner join {{ ref('int_company__known_day') }} as known_day
        on
            version.company_code = known_day.company_code
            and version.known_from = known_day.known_at
    where version.due_date > version.due_date_before

),

document as (

    {{ current_version('document') }}

),

invoice as (

    select
        company_code,
        customer_id,
        document_id,
        currency,
        amount,
        document_date,
        replaces_document_id
    from document
    where document_type in ('invoice', 'debit_note')

),

-- which document a credit note settled
credited as (

    select
        allocation.company_code,
        allocation.from_id as credit_note_id,
        allocation.to_id as document_id
    from (
        {{ current_version('allocation') }}
    ) as allocation
    where allocation.from_kind = 'credit_note' and allocation.to_kind = 'document'
    group by allocation.company_code, allocation.from_id, allocation.to_id

),

-- Candidates stand in the same or the next cell of days and of amounts (a cell is wider than what
-- may lie between them), else every credit note would meet everything its customer was ever billed.
celled as (

    select
        *,
        cast(floor({{ days_between(start_of_days(), 'document_date') }} / 16.0) as int) as day_cell,
        cast(floor(ln(amount) / 0.02) as int) as amount_cell
    from invoice
    where amount > 0

),

step as (

    {% for step in [-1, 0, 1] -%}
    select {{ step }} as step
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

note as (

    select
        document.company_code,
        document.customer_id,
        document.document_id,
        document.currency,
        document.amount,
        document.document_date,
        cast(floor({{ days_between(start_of_days(), 'document.document_date') }} / 16.0) as int)
        + day_step.step as day_cell,
        cast(floor(ln(document.amount) / 0.02) as int) + amount_step.step as amount_cell
    from document
    cross join step as day_step
    cross join step as amount_step
    where document.document_type = 'credit_note' and document.amount > 0

),

candidate as (

    select
        old.company_code,
        old.document_id as old_document_id,
        new.document_id,
        new.document_date as reset_on
    from note
    inner join celled as new
        on
            note.company_code = new.company_code
            and note.customer_id = new.customer_id
            and note.currency = new.currency
            and note.day_cell = new.day_cell
            and note.amount_cell = new.amount_cell
    inner join credited
        on
            note.company_code = credited.company_code
            and note.document_id = credited.credit_note_id
    inner join invoice as old
        on
            credited.company_code = old.company_code
            and credited.document_id = old.document_id
    where
        new.document_id <> old.document_id
        and abs({{ days_between('note.document_date', 'new.document_date') }}) <= 15
        and new.document_date >= old.document_date
        and abs(new.amount - note.amount) * 100 <= note.amount
    union distinct
    select
        new.company_code,
        old.document_id as old_document_id,
        new.document_id,
        new.document_date as reset_on
    from invoice as new
    inner join invoice as old
        on
            new.company_code = old.company_code
            and new.replaces_document_id = old.document_id
    where new.replaces_document_id is not null

),

compared as (

    select
        company_code,
        document_id
    from candidate
    union distinct
    select
        company_code,
        old_document_id as document_id
    from candidate

),

item_date as (

    select
        item.company_code,
        item.document_id,
        min(item.due_date) as due_date
    from {{ ref('fct_open_item') }} as item
    inner join compared
        on
            item.company_code = compared.company_code
            and item.document_id = compared.document_id
    where item.is_current and item.item_kind in ('invoice', 'debit_note')
    group by item.company_code, item.document_id

),

pair as (

    select
        candidate.company_code,
        candidate.old_document_id,
        candidate.document_id,
        old.due_date as due_date_before,
        new.due_date as due_date_after,
        candidate.reset_on
    from candidate
    inner join item_date as old
        on
            candidate.company_code = old.company_code
            and candidate.old_document_id = old.document_id
    inner join item_date as new
        on
            candidate.company_code = new.company_code
            and candidate.document_id = new.document_id
    where new.due_date > old.due_date

),

rebilled as (

    select
        company_code,
        document_id,
        due_date_before,
        due_date_after,
        reset_on,
        'rebilled' as how,
        old_document_id as replaced_document_id
    from pair
    qualify row_number() over (
        partition by company_code, document_id
        order by due_date_before, old_document_id
    ) = 1

),

reset_of_day as (

    select *
    from (
        select * from moved
        union all
        select * from rebilled
    ) as told
    where
        reset_on >= {{ add_days('due_date_before', -15) }}
        and reset_on <= {{ as_of() }}
    qualify row_number() over (
        partition by company_code, document_id, reset_on
        order by due_date_after desc, how, due_date_before
    ) = 1

),

-- several on one document: each is looked at until the next one, past the first date of all
reset as (

    select
        company_code,
        document_id,
        reset_on,
        due_date_after,
        how,
        replaced_document_id,
        min(due_date_before) over (
            partition by company_code, document_id
            order by reset_on
            rows between unbounded preceding and current row
        ) as due_date_before,
        coalesce(
            lead(reset_on) over (partition by company_code, document_id order by reset_on),
            {{ end_of_days() }}
        ) as next_reset_on
    from reset_of_day

),

activity as (

    {{ current_version('collection_activity') }}

),

reviewed as (

    select
        reset.company_code,
        reset.document_id,
        reset.reset_on,
        min(cast(activity.happened_at as date)) as reviewed_on
    from reset
    inner join activity
        on
            reset.company_code = activity.company_code
            and reset.document_id = activity.document_id
            and cast(activity.happened_at as date) >= reset.reset_on
    where activity.outcome in ('reviewed', '已复核')
    group by reset.company_code, reset.document_id, reset.reset_on

),

standing as (

    select
        item.open_item_id,
        reset.*,
        balance.open_amount_document,
        balance.currency,
        greatest(reset.reset_on, balance.effective_from) as day_from,
        least(
            {{ add_days('reset.reset_on', 90) }},
            coalesce(reviewed.reviewed_on, {{ end_of_days() }}),
            reset.next_reset_on,
            balance.effective_to
        ) as day_to
    from reset
    inner join {{ ref('fct_open_item') }} as item
        on
            reset.company_code = item.company_code
            and reset.document_id = item.document_id
            and item.item_kind in ('invoice', 'debit_note')
            and item.is_current
    inner join {{ ref('fct_open_item_balance') }} as balance
        on
            item.open_item_id = balance.open_item_id
            and balance.known_to = {{ end_of_time() }}
            and balance.open_amount_document > 0
    left join reviewed
        on
            reset.company_code = reviewed.company_code
            and reset.document_id = reviewed.document_id
            and reset.reset_on = reviewed.reset_on

),

-- beyond 60 days past the first date it is severe
cut as (

    {% for part in ['before', 'after'] -%}
    select
        standing.*,
        {% if part == 'before' -%}
        day_from as effective_from,
        least(day_to, greatest({{ add_days('due_date_before', 61) }}, day_from)) as effective_to
        {%- else -%}
        greatest(day_from, {{ add_days('due_date_before', 61) }}) as effective_from,
        day_to as effective_to
        {%- endif %}
    from standing
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        cut.open_item_id,
        cut.effective_from,
        cut.effective_to,
        cut.company_code,
        cut.document_id as reset_document,
        cut.replaced_document_id,
        cut.due_date_before,
        cut.due_date_after,
        {{ days_between('cut.due_date_before', 'cut.due_date_after') }} as due_date_moved_days,
        case cut.how when 'version' then '改期' else '红冲重开' end as how_zh,
        case cut.how when 'version' then 'new due date' else 'credit note and new invoice' end
            as how_en,
        coalesce(
            {{ money_times_rate('cut.open_amount_document', 'rate.rate_to_reporting') }}, 0
        ) as reset_open_amount
    from cut
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            cut.company_code = rate.company_code
            and cut.currency = rate.currency
            and cut.effective_from = rate.day
    where cut.effective_from < cut.effective_to and cut.effective_from <= {{ as_of() }}

)

select * from final
