{{ config(materialized='table') }}

{#- What the terms of documents and customers mean, as known: by the master of their system where it
    has them, else by the grammar. Grain: company, text and knowledge interval; the intervals of a text
    leave no moment out. -#}
{%- set rule = ['basis', 'days_before', 'cutoff_day', 'months_after', 'day_of_month', 'days_after'] -%}
with

used as (

    select
        company_code,
        payment_terms as terms_text,
        {{ start_of_time() }} as known_from,
        {{ end_of_time() }} as known_to
    from (
        select distinct
            company_code,
            payment_terms
        from {{ ref('stg_landing__document') }}
        where not is_deleted and due_date is null
        union distinct
        select distinct
            company_code,
            payment_terms
        from {{ ref('stg_landing__customer') }}
        where not is_deleted
    ) as stated
    where payment_terms is not null

),

in_master as (

    select
        known.*,
        known.payment_terms as terms_text
    from {{ ref('int_payment_term__known') }} as known
    inner join used
        on known.company_code = used.company_code and known.payment_terms = used.terms_text

),

epoch as (

    {{ knowledge_epochs(['company_code', 'terms_text'], ['used', 'in_master']) }}

),

final as (

    select
        epoch.company_code,
        epoch.terms_text,
        case when in_master.terms_text is null then coalesce(reading.is_readable, false)
            else in_master.question is null end as is_readable,
        in_master.question,
        {% for column in rule -%}
        case when in_master.terms_text is null then reading.{{ column }}
            else in_master.{{ column }} end as {{ column }},
        {% endfor -%}
        epoch.known_from,
        epoch.known_to,
        in_master._load_id,
        in_master._row
    from epoch
    left join in_master
        on
            epoch.company_code = in_master.company_code
            and epoch.terms_text = in_master.terms_text
            and in_master.known_from <= epoch.known_from
            and in_master.known_to > epoch.known_from
    left join {{ source('landing', 'terms_reading') }} as reading
        on epoch.terms_text = reading.terms_text

)

select * from final
