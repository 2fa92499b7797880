{{ config(materialized='table') }}

{#- Claims with a limitation clock: debit items that are open on the as-of date, and those written
    off, whose claim lives on (accounting A20). Beside them items that were open so long that a
    period may have come near its end (`is_standing` is false): a warning was due then. Under which
    regime each stands, from which day its period runs, and when it ends if nothing has restarted it
    (policy.md section 7, accounting F2). -#}
with

standing as (

    select
        open_item_id,
        open_amount_document
    from {{ ref('int_open_item__current') }}
    where
        open_amount_document > 0
        and (
            item_kind in ('invoice', 'debit_note', 'opening_balance', 'interest')
            -- a bill that came back leaves the claim it was taken for
            or (item_kind = 'bill' and receivable_class = 'trade')
        )

),

written_off as (

    select
        open_item_id,
        sum(amount_document) as written_off_amount_document
    from {{ ref('int_kpi__leg') }}
    where means in ('write_off', 'write_off_recovery')
    group by open_item_id
    having sum(amount_document) >= {{ policy_value('count_floor') }}

),

standing_claim as (

    select
        coalesce(standing.open_item_id, written_off.open_item_id) as open_item_id,
        coalesce(standing.open_amount_document, 0) as open_amount_document,
        coalesce(written_off.written_off_amount_document, 0) as written_off_amount_document
    from standing
    full outer join written_off
        on standing.open_item_id = written_off.open_item_id

),

-- every period is of at least three years
once_old as (

    select distinct open_item_id
    from {{ ref('fct_open_item_balance') }}
    where
        known_to = {{ end_of_time() }}
        and open_amount_document > 0
        and item_kind in ('invoice', 'debit_note', 'opening_balance', 'interest')
        and effective_from <= {{ as_of() }}
        and effective_to > {{ add_months('due_date', 32) }}
        and effective_to <= {{ as_of() }}

),

claimed as (

    select
        *,
        true as is_standing
    from standing_claim
    union all
    select
        once_old.open_item_id,
        0 as open_amount_document,
        0 as written_off_amount_document,
        false as is_standing
    from once_old
    left join standing_claim
        on once_old.open_item_id = standing_claim.open_item_id
    where standing_claim.open_item_id is null

),

contracted as (

    {{ contracted_documents() }}

),

item as (

    select
        claimed.*,
        item.company_code,
        item.customer_id,
        item.item_kind,
        item.document_id,
        item.instalment_no,
        item.currency,
        item.document_date,
        item.due_date,
        item.agreed_due_date,
        item.instalment_kind,
        item.is_age_unknown,
        item.is_due_date_missing,
        coalesce(document.contract_id, '') as contract_id
    from claimed
    inner join {{ ref('fct_open_item') }} as item
        on claimed.open_item_id = item.open_item_id
    left join contracted as document
        on
            item.company_code = document.company_code
            and item.document_id = document.document_id
            and item.item_kind <> 'bill'

),

-- Civil Code 189: instalments of one debt run from the last one. Whether a retention is one of them
-- is disputed; without it the others end earlier.
last_instalment as (

    select
        company_code,
        document_id,
        max(due_date) as last_due_date
    from {{ ref('fct_open_item') }}
    where is_current and instalment_no > 1 and instalment_kind <> 'retention'
    group by company_code, document_id

),

ruled as (

    select
        item.*,
        claim.governing_law,
        coalesce(claim.is_limitation_unsure_of_border, false) as is_country_unknown,
        coalesce(claim.is_intragroup, false) as is_intragroup,
        regime.regime,
        regime.years,
        regime.starts_at,
        regime.is_from_last_instalment,
        regime.demand_restarts,
        regime.acknowledgement_restarts,
        regime.suit_restarts,
        regime.is_provisional,
        regime.policy_version
    from item
    left join {{ ref('int_claim__governed') }} as claim
        on
            item.company_code = claim.company_code
            and item.customer_id = claim.customer_id
            and item.contract_id = claim.contract_id
    left join {{ ref('int_limitation__regime') }} as regime
        on claim.limitation_rule_no = regime.order_no

),

typed_date as (

    select
        company_code,
        document_id,
        cast(nullif(cast(deadline_date as {{ dbt.type_string() }}), '') as date) as deadline_date,
        {{ policy_approval() }}
    from {{ policy_table('policy_limitation_date') }}

),

decided as (

    select
        company_code,
        document_id,
        min(deadline_date) as deadline_date,
        max(policy_version) as policy_version
    from typed_date
    where {{ is_in_force() }}
    group by company_code, document_id

),

started as (

    select
        ruled.*,
        case
            when ruled.is_from_last_instalment and ruled.instalment_kind <> 'retention'
                then greatest(
                    ruled.due_date, coalesce(last_instalment.last_due_date, ruled.due_date)
                )
            else ruled.due_date
        end as fell_due_on,
        decided.deadline_date as decided_date,
        decided.policy_version as decided_version
    from ruled
    left join last_instalment
        on
            ruled.company_code = last_instalment.company_code
            and ruled.document_id = last_instalment.document_id
            and ruled.item_kind <> 'bill'
    left join decided
        on
            ruled.company_code = decided.company_code
            and ruled.document_id = decided.document_id

),

counted as (

    select
        *,
        case
            when starts_at = 'year_end' then {{ month_end(add_months(
                'fell_due_on', '12 - extract(month from fell_due_on)'
            )) }}
            else fell_due_on
        end as starts_behind
    from started

),

final as (

    select
        *,
        {{ add_months('starts_behind', 'years * 12') }} as first_deadline_date
    from counted

)

select * from final
