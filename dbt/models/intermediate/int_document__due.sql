{{ config(materialized='table') }}

{#- The due date of every document version that states none: from its own terms, else from the
    customer's terms as known, else the document date (rule 5). What terms mean is known from some
    delivery on, like everything else. -#}
{%- set document = [
    'company_code', 'document_id', 'terms_basis', 'document_date', 'posting_date',
    'invoice_received_on', 'accepted_on', 'delivery_date'
] -%}
{%- set rule = ['basis', 'days_before', 'cutoff_day', 'months_after', 'day_of_month', 'days_after'] -%}
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
    from {{ ref('int_payment_term__read') }}

),

with_terms as (

    select
        {{ qualified('document', document + ['customer_id']) }},
        {{ qualified('payment_term', rule + ['is_readable']) }},
        greatest(document.known_from, payment_term.known_from) as known_from,
        least(document.known_to, payment_term.known_to) as known_to
    from document
    inner join payment_term
        on
            document.company_code = payment_term.company_code
            and document.payment_terms = payment_term.terms_text
            and document.known_from < payment_term.known_to
            and document.known_to > payment_term.known_from

),

without_own_terms as (

    select {{ (document + ['customer_id', 'known_from', 'known_to']) | join(', ') }}
    from with_terms
    where not is_readable
    union all
    select {{ (document + ['customer_id', 'known_from', 'known_to']) | join(', ') }}
    from document
    where payment_terms is null

),

-- the customer's terms as known, with what they were known to mean
customer as (

    select
        customer.company_code,
        customer.customer_id,
        {{ qualified('payment_term', rule) }},
        greatest(customer.known_from, payment_term.known_from) as known_from,
        least(customer.known_to, payment_term.known_to) as known_to
    from {{ ref('stg_landing__customer') }} as customer
    inner join payment_term
        on
            customer.company_code = payment_term.company_code
            and customer.payment_terms = payment_term.terms_text
            and customer.known_from < payment_term.known_to
            and customer.known_to > payment_term.known_from
    where not customer.is_deleted and payment_term.is_readable

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

to_derive as (

    select
        {{ (document + rule + ['known_from', 'known_to']) | join(', ') }},
        'document_terms' as due_date_source
    from with_terms
    where is_readable
    union all
    select
        {{ qualified('piece', document) }},
        {{ qualified('customer', rule) }},
        piece.piece_from as known_from,
        piece.piece_to as known_to,
        case when customer.customer_id is null then 'document_date' else 'customer_terms' end
            as due_date_source
    from piece
    left join customer
        on
            piece.company_code = customer.company_code
            and piece.customer_id = customer.customer_id
            and customer.known_from <= piece.piece_from
            and customer.known_to > piece.piece_from

),

started as (

    -- A missing start date falls back to the document date; the source says so.
    select
        *,
        coalesce(
            case coalesce(basis, terms_basis, 'document_date')
                when 'posting_date' then posting_date
                when 'invoice_received' then invoice_received_on
                when 'acceptance' then accepted_on
                when 'delivery' then delivery_date
                else document_date
            end,
            document_date
        ) as basis_date
    from to_derive

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
            when due_date_source = 'document_date' then document_date
            when day_of_month is null then {{ add_days('after_months', 'days_after') }}
            else
                {{ add_days(
                    'least(' ~ add_days(month_start('after_months'), 'day_of_month - 1')
                    ~ ', ' ~ month_end('after_months') ~ ')',
                    'days_after'
                ) }}
        end as due_date,
        due_date_source
    from monthly

),

final as (

    select * from derived

)

select * from final
