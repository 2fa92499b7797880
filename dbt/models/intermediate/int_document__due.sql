{{ config(materialized='table') }}

{#- The due date of every document version that states none: from its own terms, else from the
    customer's terms as known, else the document date (rule 5). -#}
with

document as (

    select
        company_code,
        document_id,
        customer_id,
        payment_terms,
        terms_basis,
        document_date,
        coalesce(posting_date, document_date) as posting_date,
        invoice_received_on,
        accepted_on,
        delivery_date,
        known_from,
        known_to
    from {{ ref('stg_landing__document') }}
    where not is_deleted and due_date is null

),

payment_term as (

    select *
    from {{ source('landing', 'payment_term') }}
    where is_readable

),

own_terms as (

    select
        document.*,
        document.payment_terms as terms_text
    from document
    inner join payment_term
        on document.payment_terms = payment_term.terms_text

),

without_own_terms as (

    select document.*
    from document
    left join payment_term
        on document.payment_terms = payment_term.terms_text
    where payment_term.terms_text is null

),

customer as (

    select
        company_code,
        customer_id,
        payment_terms,
        known_from,
        known_to
    from {{ ref('stg_landing__customer') }}
    where not is_deleted

),

-- The customer's terms cut the document's interval: before and after the master was known the
-- answer differs.
boundary as (

    select
        without_own_terms.company_code,
        without_own_terms.document_id,
        without_own_terms.known_from as version_from,
        without_own_terms.known_from as cut_at
    from without_own_terms
    union distinct
    select
        without_own_terms.company_code,
        without_own_terms.document_id,
        without_own_terms.known_from,
        customer.known_from
    from without_own_terms
    inner join customer
        on
            without_own_terms.company_code = customer.company_code
            and without_own_terms.customer_id = customer.customer_id
            and customer.known_from > without_own_terms.known_from
            and customer.known_from < without_own_terms.known_to
    union distinct
    select
        without_own_terms.company_code,
        without_own_terms.document_id,
        without_own_terms.known_from,
        customer.known_to
    from without_own_terms
    inner join customer
        on
            without_own_terms.company_code = customer.company_code
            and without_own_terms.customer_id = customer.customer_id
            and customer.known_to > without_own_terms.known_from
            and customer.known_to < without_own_terms.known_to

),

piece as (

    select
        without_own_terms.*,
        boundary.cut_at as piece_from,
        coalesce(
            lead(boundary.cut_at) over (
                partition by boundary.company_code, boundary.document_id, boundary.version_from
                order by boundary.cut_at
            ),
            without_own_terms.known_to
        ) as piece_to
    from without_own_terms
    inner join boundary
        on
            without_own_terms.company_code = boundary.company_code
            and without_own_terms.document_id = boundary.document_id
            and without_own_terms.known_from = boundary.version_from

),

customer_terms as (

    select
        piece.company_code,
        piece.document_id,
        piece.terms_basis,
        piece.document_date,
        piece.posting_date,
        piece.invoice_received_on,
        piece.accepted_on,
        piece.delivery_date,
        piece.piece_from as known_from,
        piece.piece_to as known_to,
        customer.payment_terms as terms_text
    from piece
    left join customer
        on
            piece.company_code = customer.company_code
            and piece.customer_id = customer.customer_id
            and customer.known_from <= piece.piece_from
            and customer.known_to > piece.piece_from

),

to_derive as (

    select
        company_code,
        document_id,
        terms_basis,
        document_date,
        posting_date,
        invoice_received_on,
        accepted_on,
        delivery_date,
        known_from,
        known_to,
        terms_text,
        'document_terms' as due_date_source
    from own_terms
    union all
    select
        company_code,
        document_id,
        terms_basis,
        document_date,
        posting_date,
        invoice_received_on,
        accepted_on,
        delivery_date,
        known_from,
        known_to,
        terms_text,
        'customer_terms' as due_date_source
    from customer_terms

),

started as (

    -- A missing start date falls back to the document date; the source says so.
    select
        to_derive.*,
        payment_term.days_before,
        payment_term.cutoff_day,
        payment_term.months_after,
        payment_term.day_of_month,
        payment_term.days_after,
        payment_term.terms_text is not null as has_terms,
        coalesce(
            case coalesce(payment_term.basis, to_derive.terms_basis, 'document_date')
                when 'posting_date' then to_derive.posting_date
                when 'invoice_received' then to_derive.invoice_received_on
                when 'acceptance' then to_derive.accepted_on
                when 'delivery' then to_derive.delivery_date
                else to_derive.document_date
            end,
            to_derive.document_date
        ) as basis_date
    from to_derive
    left join payment_term
        on to_derive.terms_text = payment_term.terms_text

),

moved as (

    select
        *,
        {{ add_days('basis_date', 'days_before') }} as after_days
    from started

),

cut as (

    select
        *,
        case
            when cutoff_day is null then after_days
            when
                least({{ add_days(month_start('after_days'), 'cutoff_day - 1') }},
                    {{ month_end('after_days') }})
                >= after_days
                then
                    least({{ add_days(month_start('after_days'), 'cutoff_day - 1') }},
                        {{ month_end('after_days') }})
            else
                least(
                    {{ add_days(add_months(month_start('after_days'), 1), 'cutoff_day - 1') }},
                    {{ month_end(add_months(month_start('after_days'), 1)) }}
                )
        end as after_cutoff
    from moved

),

monthly as (

    select
        *,
        case
            when cutoff_day = 31 then {{ month_end(add_months('after_cutoff', 'months_after')) }}
            else {{ add_months('after_cutoff', 'months_after') }}
        end as after_months
    from cut

),

derived as (

    select
        company_code,
        document_id,
        known_from,
        known_to,
        case
            when not has_terms then document_date
            when day_of_month is null then {{ add_days('after_months', 'days_after') }}
            else
                {{ add_days(
                    'least(' ~ add_days(month_start('after_months'), 'day_of_month - 1')
                    ~ ', ' ~ month_end('after_months') ~ ')',
                    'days_after'
                ) }}
        end as due_date,
        case when has_terms then due_date_source else 'document_date' end as due_date_source
    from monthly

),

final as (

    select * from derived

)

select * from final
