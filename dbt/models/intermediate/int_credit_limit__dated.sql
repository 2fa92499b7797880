{{ config(materialized='table') }}

{#- Which limit of each kind and currency is in force from when to when, as believed now: of several
    whose validity overlaps the one that began last. A limit that was given once for all companies
    is one limit, of its customer in the first of them. -#}
with

limit_row as (

    {{ current_version('credit_limit') }}

),

landed as (

    select
        *,
        coalesce(kind, 'permanent') as limit_kind,
        count(*) over (partition by _load_id, _file, _row) > 1 as is_landed_for_several
    from limit_row

),

-- A company that joins its source later gets its own landing of a row that is already there.
marked as (

    select
        *,
        max(case when is_landed_for_several then 1 else 0 end) over same_limit = 1 as is_shared,
        min(company_code) over same_limit as first_company_code
    from landed
    window same_limit as (
        partition by _source, customer_id, limit_kind, currency, amount, valid_from, valid_to
    )

),

validity as (

    select distinct
        is_shared,
        case when is_shared then first_company_code else company_code end as company_code,
        customer_id,
        limit_kind,
        currency,
        amount,
        valid_from,
        approved_by,
        coalesce({{ add_days('valid_to', 1) }}, {{ end_of_days() }}) as ended_on
    from marked
    where valid_to is null or valid_to >= valid_from

),

cut as (

    {% for column in ['valid_from', 'ended_on'] -%}
    select
        is_shared, company_code, customer_id, limit_kind, currency, {{ column }} as day
    from validity
    {{ 'union distinct' if not loop.last }}
    {% endfor %}

),

span as (

    select
        *,
        lead(day) over (
            partition by is_shared, company_code, customer_id, limit_kind, currency
            order by day
        ) as next_day
    from cut

),

final as (

    select
        span.is_shared,
        span.company_code,
        span.customer_id,
        span.limit_kind,
        span.currency,
        validity.amount,
        validity.approved_by,
        validity.valid_from,
        span.day as effective_from,
        span.next_day as effective_to
    from span
    inner join validity
        on
            span.is_shared = validity.is_shared
            and span.company_code = validity.company_code
            and span.customer_id = validity.customer_id
            and span.limit_kind = validity.limit_kind
            and span.currency = validity.currency
            and span.day >= validity.valid_from
            and span.day < validity.ended_on
    where span.next_day is not null
    qualify row_number() over (
        partition by span.is_shared, span.company_code, span.customer_id, span.limit_kind,
            span.currency, span.day
        order by validity.valid_from desc, validity.approved_by
    ) = 1

)

select * from final
