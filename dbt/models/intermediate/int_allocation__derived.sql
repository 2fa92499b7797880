{{ config(materialized='table') }}

{#- Allocations of sources that have none, as versions like those of stg_landing__allocation: from
    clearings shared by items, from a clearing date, from a residual that changes (DECISIONS 16 to
    19). Each holds for the knowledge from which it follows; one that follows no longer ends in a
    tombstone, so that L10 makes an event of it. What a residual told stays told. believed_to ends
    all of it at the first real allocation of the company. -#}
{%- set money_columns = [
    'from_kind', 'from_id', 'to_kind', 'to_id', 'allocated_on', 'amount', 'from_amount',
    'functional_amount'
] -%}
{%- set trace_columns = ['_source', '_load_id', '_file', '_row'] -%}
with

stated as (

    select * from {{ ref('int_settlement__stated') }}

),

posted as (

    select
        stated.*,
        posted.known_from as posted_from,
        least(posted.known_to, stated.believed_to) as posted_to
    from stated
    inner join {{ ref('int_voucher__posted') }} as posted
        on
            stated.voucher_key = posted.voucher_key
            and stated.known_from = posted.version_known_from
            and posted.known_from < stated.believed_to
    where stated.settlement = 'clearing_date'

),

dated as (

    select
        company_code,
        'settlement~' || voucher_id as allocation_id,
        voucher_key as to_voucher_key,
        'settlement' as from_kind,
        cast(null as {{ dbt.type_string() }}) as from_id,
        'document' as to_kind,
        voucher_id as to_id,
        settled_on as allocated_on,
        signed_settled as amount,
        cast(null as decimal(18, 2)) as from_amount,
        cast(null as decimal(18, 2)) as functional_amount,
        believed_to,
        posted_from as known_from,
        posted_to as known_to,
        {{ trace_columns | join(', ') }}
    from posted
    where settled_on is not null and signed_settled <> 0

),

member as (

    select * from {{ ref('int_settlement__member') }}

),

cleared as (

    select
        netted.company_code,
        netted.clearing_id || '~'
        || case
            when netted.outcome = 'paired' then used.voucher_kind
            else used.difference_kind
        end || ':' || used.voucher_id
        || '~' || settled.voucher_kind || ':' || settled.voucher_id as allocation_id,
        settled.voucher_key as to_voucher_key,
        case
            when used.difference_kind is not null then used.difference_kind
            when used.item_kind in ('receipt', 'credit_note') then used.item_kind
            else 'document'
        end as from_kind,
        used.voucher_id as from_id,
        case when settled.item_kind in ('receipt', 'refund', 'credit_note') then settled.item_kind
            else 'document' end as to_kind,
        settled.voucher_id as to_id,
        -- L2: not before the posting that settles, which is no item whose date would count
        case when used.difference_kind is null then used.cleared_on
            else greatest(used.cleared_on, used.accounting_date) end as allocated_on,
        netted.amount,
        netted.from_amount,
        netted.functional_amount,
        used.believed_to,
        netted.known_from,
        netted.known_to,
        -- the row that became known last told of the pair
        {% for column in trace_columns -%}
        case when used.difference_kind is not null or used._load_id > settled._load_id
            then used.{{ column }} else settled.{{ column }} end as {{ column }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_settlement__netted') }} as netted
    inner join member as used
        on netted.from_voucher_key = used.voucher_key and netted.known_from = used.known_from
    inner join member as settled
        on netted.to_voucher_key = settled.voucher_key and netted.known_from = settled.known_from
    where netted.outcome <> 'open'

),

derived as (

    select * from dated
    union all
    select * from cleared

),

merged as (

    {{ merge_neighbours('derived',
        ['company_code', 'allocation_id', 'to_voucher_key', 'believed_to'] + money_columns,
        trace_columns) }}

),

with_next as (

    select
        *,
        lead(known_from) over (partition by company_code, allocation_id order by known_from)
            as next_known_from
    from merged

),

standing as (

    select
        with_next.*,
        false as is_deleted
    from with_next
    union all
    select
        company_code,
        allocation_id,
        to_voucher_key,
        believed_to,
        {{ money_columns | join(', ') }},
        known_to as known_from,
        coalesce(next_known_from, believed_to) as known_to,
        {{ trace_columns | join(', ') }},
        next_known_from,
        true as is_deleted
    from with_next
    where known_to < believed_to and next_known_from is distinct from known_to

),

-- A tombstone is told by the version of the settled voucher that begins with it, where one does.
versioned as (

    select
        standing.company_code,
        standing.allocation_id,
        {{ qualified('standing', money_columns) }},
        standing.is_deleted,
        standing.known_from,
        standing.known_to,
        standing.believed_to,
        delivery.business_date,
        {% for column in trace_columns -%}
        case when standing.is_deleted then coalesce(stated.{{ column }}, standing.{{ column }})
            else standing.{{ column }} end as {{ column }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from standing
    left join {{ ref('int_company__delivery') }} as delivery
        on
            standing.company_code = delivery.company_code
            and standing.known_from = delivery.known_at
    left join stated
        on
            standing.is_deleted
            and standing.to_voucher_key = stated.voucher_key
            and standing.known_from = stated.known_from

),

-- A version that says nothing of its residual changes nothing.
told as (

    select
        *,
        signed_settled - coalesce(
            lag(signed_settled) over (
                partition by company_code, voucher_id order by known_from
            ),
            0
        ) as settled_change
    from stated
    where settlement = 'residual' and not is_deleted and signed_settled is not null

),

residual as (

    select
        company_code,
        'settlement~' || voucher_id || '~' || cast(
            row_number() over (partition by company_code, voucher_id order by known_from)
            as {{ dbt.type_string() }}
        ) as allocation_id,
        'settlement' as from_kind,
        cast(null as {{ dbt.type_string() }}) as from_id,
        'document' as to_kind,
        voucher_id as to_id,
        -- what is taken back is taken back when the source no longer says it (T05)
        case
            when vanished_load_id is null and settled_change * sign(signed_amount) > 0
                then coalesce(settled_on, business_date)
            else business_date
        end as allocated_on,
        settled_change as amount,
        cast(null as decimal(18, 2)) as from_amount,
        cast(null as decimal(18, 2)) as functional_amount,
        false as is_deleted,
        known_from,
        believed_to as known_to,
        believed_to,
        business_date,
        _source,
        coalesce(vanished_load_id, _load_id) as _load_id,
        case when vanished_load_id is null then _file end as _file,
        case when vanished_load_id is null then _row end as _row
    from told
    where settled_change <> 0

),

version as (

    select * from versioned
    union all
    select * from residual

),

final as (

    select
        company_code,
        allocation_id,
        from_kind,
        from_id,
        to_kind,
        to_id,
        cast(null as int) as to_instalment_no,
        allocated_on,
        cast(amount as decimal(18, 2)) as amount,
        from_amount,
        functional_amount,
        false as is_reversal,
        cast(null as {{ dbt.type_string() }}) as reverses_allocation_id,
        true as is_inferred,
        is_deleted,
        known_from,
        known_to,
        business_date,
        believed_to,
        {{ trace_columns | join(', ') }}
    from version

)

select * from final
