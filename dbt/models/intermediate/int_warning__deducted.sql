{{ config(materialized='table') }}

{#- What each party contested, deducted and was credited in the last 90 days as a share of what it
    was billed in them, and the same share of the 365 days before: disputes opened (what they
    contest, else the whole document), discounts taken, credit notes. Credit notes of a re-billing
    count for nothing. As believed now, at the rate of the day. -#}
with

customer as (

    select
        company_code,
        customer_id,
        party_id
    from {{ ref('dim_customer') }}
    where not is_intragroup

),

item as (

    select
        company_code,
        customer_id,
        document_id,
        currency,
        item_kind,
        document_date,
        original_amount_document
    from {{ ref('fct_open_item') }}
    where
        is_current
        and voided_on is null
        and item_kind in ('invoice', 'debit_note', 'credit_note')

),

dispute as (

    {{ current_version('dispute') }}

),

-- only what is contested is added up by document: of all documents there are millions
contested as (

    select
        item.company_code,
        item.customer_id,
        item.document_id,
        item.currency,
        sum(item.original_amount_document) as amount
    from item
    inner join (select distinct company_code, document_id from dispute) as named
        on item.company_code = named.company_code and item.document_id = named.document_id
    group by item.company_code, item.customer_id, item.document_id, item.currency

),

rebilled as (

    select distinct
        allocation.company_code,
        allocation.from_id as document_id
    from (
        {{ current_version('allocation') }}
    ) as allocation
    inner join {{ ref('int_warning__due_reset') }} as reset
        on
            allocation.company_code = reset.company_code
            and allocation.to_id = reset.replaced_document_id
    where allocation.from_kind = 'credit_note' and allocation.to_kind = 'document'

),

told as (

    select
        item.company_code,
        item.customer_id,
        item.currency,
        item.document_date as day,
        -item.original_amount_document as amount,
        cast(null as {{ dbt.type_string() }}) as reason
    from item
    left join rebilled
        on
            item.company_code = rebilled.company_code
            and item.document_id = rebilled.document_id
    where item.item_kind = 'credit_note' and rebilled.document_id is null
    union all
    select
        contested.company_code,
        contested.customer_id,
        contested.currency,
        dispute.opened_on as day,
        coalesce(dispute.amount, contested.amount) as amount,
        dispute.reason
    from dispute
    inner join contested
        on
            dispute.company_code = contested.company_code
            and dispute.document_id = contested.document_id
    union all
    select
        company_code,
        customer_id,
        currency,
        effective_date as day,
        -sum(amount_document) as amount,
        null as reason
    from {{ ref('fct_receivable_movement') }}
    where known_to = {{ end_of_time() }} and movement_kind = 'discount'
    group by company_code, customer_id, currency, effective_date

),

billed as (

    select
        company_code,
        customer_id,
        currency,
        document_date as day,
        sum(original_amount_document) as amount
    from item
    group by company_code, customer_id, currency, document_date

),

valued as (

    {% for relation in ['told', 'billed'] -%}
    select
        customer.party_id,
        {{ relation }}.day,
        {% for measure in ['deducted', 'billed'] -%}
        {% if (measure == 'billed') == (relation == 'billed') -%}
        coalesce({{ money_times_rate(relation ~ '.amount', 'rate.rate_to_reporting') }}, 0)
        {%- else -%}
        cast(0 as decimal(18, 2))
        {%- endif %} as {{ measure }},
        {% endfor -%}
        {{ 'told.reason' if relation == 'told' else 'cast(null as ' ~ dbt.type_string() ~ ')' }}
            as reason
    from {{ relation }}
    inner join customer
        on
            {{ relation }}.company_code = customer.company_code
            and {{ relation }}.customer_id = customer.customer_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            {{ relation }}.company_code = rate.company_code
            and {{ relation }}.currency = rate.currency
            and {{ relation }}.day = rate.day
    where {{ relation }}.day <= {{ as_of() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

change as (

    select
        party_id, day, deducted, billed, 0 as deducted_before, 0 as billed_before
    from valued
    union all
    select
        party_id,
        {{ add_days('day', 90) }} as day,
        -deducted as deducted,
        -billed as billed,
        deducted as deducted_before,
        billed as billed_before
    from valued
    union all
    select
        party_id,
        {{ add_days('day', 455) }} as day,
        0 as deducted,
        0 as billed,
        -deducted as deducted_before,
        -billed as billed_before
    from valued

),

running as (

    {{ running_sums('change', ['party_id'], [
        'deducted', 'billed', 'deducted_before', 'billed_before'
    ]) }}

),

newest as (

    select
        running.party_id,
        running.effective_from,
        max_by(valued.reason, {{ dated_order('valued.day', ['valued.reason']) }}) as reason
    from running
    inner join valued
        on
            running.party_id = valued.party_id
            and valued.reason is not null
            and running.effective_from >= valued.day
            and running.effective_from < {{ add_days('valued.day', 90) }}
    group by running.party_id, running.effective_from

),

final as (

    select
        running.party_id,
        running.effective_from,
        running.effective_to,
        running.deducted as deducted_90,
        {{ ratio_of('running.deducted', 'running.billed') }} as deducted_rate,
        {{ ratio_of('running.deducted_before', 'running.billed_before') }} as deducted_rate_before,
        newest.reason as deduction_reason
    from running
    left join newest
        on
            running.party_id = newest.party_id
            and running.effective_from = newest.effective_from

)

select * from final
