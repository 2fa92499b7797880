{{ config(materialized='table') }}

{#- Allocations are events (L10, T05): once known they stay known. A key that vanishes is the
    negative of itself on the business date of the delivery that no longer has it; a change is that
    negative plus a new allocation not before that day; so no later extract rewrites a day that was
    already reported. Derived allocations are events like delivered ones, until known_to: once a
    company delivers allocations, none was ever derived for it. -#}
{%- set money_columns = [
    'from_kind', 'from_id', 'to_kind', 'to_id', 'to_instalment_no', 'allocated_on', 'amount',
    'from_amount', 'functional_amount', 'is_reversal', 'reverses_allocation_id'
] -%}
{#- a derived allocation may be called like a delivered one, which is another -#}
{%- set key = ['company_code', 'allocation_id', 'is_inferred'] -%}
with

allocation as (

    select
        company_code,
        allocation_id,
        {% for column in money_columns if column != 'is_reversal' %}{{ column }},
        {% endfor -%}
        coalesce(is_reversal, false) as is_reversal,
        false as is_inferred,
        is_deleted,
        known_from,
        known_to,
        {{ end_of_time() }} as believed_to,
        business_date,
        _load_id,
        _row
    from {{ ref('stg_landing__allocation') }}
    union all
    select
        company_code,
        allocation_id,
        {% for column in money_columns if column != 'is_reversal' %}{{ column }},
        {% endfor -%}
        is_reversal,
        is_inferred,
        is_deleted,
        known_from,
        known_to,
        believed_to,
        business_date,
        _load_id,
        _row
    from {{ ref('int_allocation__derived') }}

),

-- Only an allocation that changed, vanished, reverses or is reversed has a history to be told.
changed_key as (

    select distinct {{ key | join(', ') }}
    from allocation
    where known_to < believed_to

),

told_key as (

    select {{ key | join(', ') }} from changed_key
    union distinct
    select {{ key | join(', ') }} from allocation
    where is_reversal
    union distinct
    select company_code, reverses_allocation_id, is_inferred from allocation
    where is_reversal and reverses_allocation_id is not null

),

version as (

    select
        allocation.*,
        row_number() over (
            partition by {{ qualified('allocation', key) }}
            order by allocation.known_from
        ) as version_no
    from allocation
    inner join changed_key
        on {{ equal_key('allocation', 'changed_key', key) }}

),

-- An approval or a note that changes is no event: only the money columns count.
with_previous as (

    select
        version.*,
        previous.version_no is null or previous.is_deleted as is_start,
        {%- for column in money_columns %}
        version.{{ column }} is not distinct from previous.{{ column }}{{ ' and' if not loop.last }}
        {%- endfor %}
        and previous.is_deleted is not distinct from version.is_deleted as is_same_money
    from version
    left join version as previous
        on
            {{ equal_key('version', 'previous', key) }}
            and version.version_no = previous.version_no + 1

),

money_version as (

    select *
    from with_previous
    where not coalesce(is_same_money, false)

),

in_run as (

    select
        *,
        sum(case when is_start and not is_deleted then 1 else 0 end) over (
            partition by {{ key | join(', ') }}
            order by version_no
            rows between unbounded preceding and current row
        ) as run_no,
        lead(known_from) over (partition by {{ key | join(', ') }} order by version_no)
            as ended_at,
        lead(business_date) over (partition by {{ key | join(', ') }} order by version_no)
            as ended_on,
        lead(_load_id) over (partition by {{ key | join(', ') }} order by version_no)
            as ended_load_id,
        lead(_row) over (partition by {{ key | join(', ') }} order by version_no) as ended_row,
        row_number() over (partition by {{ key | join(', ') }} order by version_no)
            as money_version_no
    from money_version

),

history as (

    select
        *,
        max(case when money_version_no = 1 then allocated_on
            else greatest(allocated_on, business_date) end) over (
            partition by {{ key | join(', ') }}, run_no
            order by version_no
            rows between unbounded preceding and current row
        ) as own_date
    from in_run
    where not is_deleted

),

{% set dated_columns = key + money_columns + ['known_from', 'believed_to', '_load_id', '_row'] -%}
dated as (

    select
        {% for column in dated_columns %}{{ column }},
        {% endfor -%}
        version_no,
        money_version_no,
        ended_at,
        ended_on,
        ended_load_id,
        ended_row,
        own_date
    from history
    union all
    select
        {% for column in dated_columns %}allocation.{{ column }},
        {% endfor -%}
        1 as version_no,
        1 as money_version_no,
        cast(null as timestamp) as ended_at,
        cast(null as date) as ended_on,
        cast(null as bigint) as ended_load_id,
        cast(null as bigint) as ended_row,
        allocation.allocated_on as own_date
    from allocation
    inner join told_key
        on {{ equal_key('allocation', 'told_key', key) }}
    left join changed_key
        on {{ equal_key('allocation', 'changed_key', key) }}
    where changed_key.allocation_id is null

),

-- L8: a reversal acts not before what it names, and is unknown until that is known. What it names
-- is the version that was live when the reversal came, else the first there ever was.
named as (

    select
        reversal.company_code,
        reversal.allocation_id,
        reversal.version_no,
        named.own_date as named_date,
        min(named.known_from) over (
            partition by reversal.company_code, reversal.allocation_id, reversal.version_no
        ) as named_known_from
    from dated as reversal
    inner join dated as named
        on
            reversal.company_code = named.company_code
            and reversal.reverses_allocation_id = named.allocation_id
            and reversal.is_inferred = named.is_inferred
    where reversal.is_reversal
    qualify row_number() over (
        partition by reversal.company_code, reversal.allocation_id, reversal.version_no
        order by
            case
                when
                    named.known_from <= reversal.known_from
                    and (named.ended_at is null or named.ended_at > reversal.known_from)
                    then 0
                else 1
            end,
            named.version_no
    ) = 1

),

resolved as (

    select
        dated.*,
        case when dated.is_reversal then greatest(dated.own_date, named.named_date)
            else dated.own_date end
            as event_date,
        case when dated.is_reversal then greatest(dated.known_from, named.named_known_from)
            else dated.known_from end as event_known_from,
        case when dated.is_reversal then -1 else 1 end as direction,
        dated.is_reversal
            and dated.reverses_allocation_id is not null
            and named.named_date is null as is_named_unknown
    from dated
    left join named
        on
            dated.company_code = named.company_code
            and dated.allocation_id = named.allocation_id
            and dated.version_no = named.version_no
            and not dated.is_inferred

),

event as (

    select
        {{ qualified('allocation', key) }},
        1 as event_no,
        false as is_vanish,
        allocation.from_kind,
        allocation.from_id,
        allocation.to_kind,
        allocation.to_id,
        allocation.to_instalment_no,
        1 as direction,
        allocation.amount,
        allocation.from_amount,
        allocation.functional_amount,
        false as is_reversal,
        allocation.reverses_allocation_id,
        false as is_named_unknown,
        allocation.allocated_on as event_date,
        allocation.known_from,
        allocation.believed_to,
        allocation._load_id,
        allocation._row
    from allocation
    left join told_key
        on {{ equal_key('allocation', 'told_key', key) }}
    where told_key.allocation_id is null
    union all
    select
        {{ key | join(', ') }},
        money_version_no * 2 - 1 as event_no,
        false as is_vanish,
        from_kind,
        from_id,
        to_kind,
        to_id,
        to_instalment_no,
        direction,
        amount,
        from_amount,
        functional_amount,
        is_reversal,
        reverses_allocation_id,
        is_named_unknown,
        event_date,
        event_known_from as known_from,
        believed_to,
        _load_id,
        _row
    from resolved
    union all
    select
        {{ key | join(', ') }},
        money_version_no * 2 as event_no,
        true as is_vanish,
        from_kind,
        from_id,
        to_kind,
        to_id,
        to_instalment_no,
        -direction as direction,
        amount,
        from_amount,
        functional_amount,
        is_reversal,
        reverses_allocation_id,
        is_named_unknown,
        greatest(ended_on, event_date) as event_date,
        greatest(ended_at, event_known_from) as known_from,
        believed_to,
        ended_load_id as _load_id,
        ended_row as _row
    from resolved
    where ended_at is not null

),

final as (

    select
        {{ dense_key(['event.company_code', 'event.allocation_id', 'event.is_inferred',
            'event.event_no']) }} as event_key,
        {{ qualified('event', key) }},
        event.event_no,
        event.is_vanish,
        event.from_kind,
        event.to_instalment_no,
        event.direction,
        event.amount,
        event.from_amount,
        event.functional_amount,
        event.is_reversal,
        event.reverses_allocation_id,
        event.is_named_unknown,
        event.from_kind in ('discount', 'write_off', 'fx_difference', 'offset', 'settlement')
            as is_sink,
        from_voucher.voucher_key as from_voucher_key,
        to_voucher.voucher_key as to_voucher_key,
        event.event_date,
        event.known_from,
        event.believed_to as known_to,
        event._load_id,
        event._row
    from event
    left join {{ ref('int_voucher__keyed') }} as from_voucher
        on
            event.company_code = from_voucher.company_code
            and event.from_id = from_voucher.voucher_id
            and case event.from_kind
                when 'receipt' then 'R' when 'credit_note' then 'D' when 'document' then 'D'
            end = from_voucher.voucher_kind
    left join {{ ref('int_voucher__keyed') }} as to_voucher
        on
            event.company_code = to_voucher.company_code
            and event.to_id = to_voucher.voucher_id
            and case when event.to_kind in ('receipt', 'refund') then 'R' else 'D' end
                = to_voucher.voucher_kind

)

select * from final
