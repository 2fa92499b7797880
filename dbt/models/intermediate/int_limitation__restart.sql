{{ config(materialized='table') }}

{#- Acts that may have restarted the period of a claim, once it is due and of a kind that counts under its
    regime, with the end of the period that each would start. -#}
with

claim as (

    select
        open_item_id,
        company_code,
        customer_id,
        document_id,
        item_kind,
        fell_due_on,
        agreed_due_date,
        document_date,
        years,
        first_deadline_date,
        demand_restarts,
        acknowledgement_restarts,
        suit_restarts
    from {{ ref('int_limitation__claim') }}

),

act as (

    select * from {{ ref('int_limitation__act') }}

),

-- an act about a document, or about all that the customer owed by then
concerned as (

    {% for about in ['document', 'customer'] -%}
    select
        claim.open_item_id,
        act.act_date,
        act.act_kind,
        act.is_certain,
        act.source_entity,
        act.source_id,
        act._load_id,
        act._row
    from claim
    inner join act
        on
            claim.company_code = act.company_code
            {% if about == 'document' -%}
            and claim.document_id = act.document_id
            and claim.item_kind <> 'bill'
            {%- else -%}
            and claim.customer_id = act.customer_id
            and act.document_id is null
            and act.act_date >= claim.document_date
            {%- endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- before it is due there is no period to restart
final as (

    select
        concerned.*,
        claim.first_deadline_date,
        {{ add_months('concerned.act_date', 'claim.years * 12') }} as deadline_date,
        concerned.act_kind in ('acknowledgement', 'part_payment') as is_acknowledgement
    from concerned
    inner join claim
        on concerned.open_item_id = claim.open_item_id
    where
        concerned.act_date > claim.fell_due_on
        and case concerned.act_kind
            when 'demand' then claim.demand_restarts
            when 'suit' then claim.suit_restarts
            else claim.acknowledgement_restarts
        end

)

select * from final
