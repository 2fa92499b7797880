{{ config(materialized='table') }}

{#- Debit items that were open after the day from which interest runs, and still are or were within
    the window of settled items. Interest runs from the day after the due date, agreed or original,
    moved to the next business day, and after the days of grace, moved again (accounting B10, F1). -#}
with

window_start as (

    select
        {{ add_months(as_of(), '-' ~ policy_value('late_interest_settled_months')) }} as first_day

),

-- An item that never stood open behind its due date owes nothing, and needs no closer look.
late as (

    select
        balance.open_item_id,
        max(balance.effective_to) as open_until
    from {{ ref('fct_open_item_balance') }} as balance
    cross join window_start
    where
        balance.known_to = {{ end_of_time() }}
        and balance.open_amount_document > 0
        and balance.item_kind in ('invoice', 'debit_note', 'opening_balance')
        and balance.effective_from <= {{ as_of() }}
        and balance.effective_to > window_start.first_day
        and least({{ add_days(as_of(), 1) }}, balance.effective_to)
            > coalesce(balance.agreed_due_date, balance.due_date)
    group by balance.open_item_id

),

contracted as (

    {{ contracted_documents() }}

),

item as (

    select
        item.open_item_id,
        item.company_code,
        item.customer_id,
        item.item_kind,
        item.document_id,
        item.instalment_no,
        item.currency,
        item.document_date,
        item.due_date,
        coalesce(item.agreed_due_date, item.due_date) as payable_on,
        item.original_amount_document,
        late.open_until > {{ as_of() }} as is_open,
        coalesce(document.contract_id, '') as contract_id
    from late
    inner join {{ ref('fct_open_item') }} as item
        on late.open_item_id = item.open_item_id
    left join contracted as document
        on item.company_code = document.company_code and item.document_id = document.document_id
    -- what was cancelled was never owed
    where item.voided_on is null or item.voided_on > {{ as_of() }}

),

governed as (

    select
        item.*,
        claim.governing_law,
        claim.agreed_rate,
        claim.signed_on,
        claim.is_creditor_size_unknown,
        claim.is_large_or_public,
        claim.creditor = 'sme' as is_creditor_sme,
        claim.is_intragroup,
        claim.late_interest_rule_no,
        claim.calendar_country,
        coalesce(claim.grace_days, 0) as grace_days,
        coalesce(shifted.shifted_day, item.payable_on) as payable_until
    from item
    left join {{ ref('int_claim__governed') }} as claim
        on
            item.company_code = claim.company_code
            and item.customer_id = claim.customer_id
            and item.contract_id = claim.contract_id
    left join {{ ref('int_business_day__shifted') }} as shifted
        on claim.calendar_country = shifted.country and item.payable_on = shifted.day

),

graced as (

    select
        *,
        {{ add_days('payable_until', 'grace_days') }} as grace_until
    from governed

),

started as (

    select
        graced.*,
        {{ add_days('coalesce(shifted.shifted_day, graced.grace_until)', 1) }} as first_day
    from graced
    left join {{ ref('int_business_day__shifted') }} as shifted
        on graced.calendar_country = shifted.country and graced.grace_until = shifted.day

),

-- a creditor that is an SME may agree on no less than a reference rate of the signing day
least_rate as (

    select
        governing_laws,
        least_reference
    from {{ ref('int_late_interest__regime') }}
    where least_reference is not null
    qualify row_number() over (order by order_no) = 1

),

final as (

    select
        started.*,
        coalesce(regime.regime, 'none') as regime,
        coalesce(regime.rate_basis, 'none') as rate_basis,
        coalesce(regime.is_fixed_at_breach, false) as is_fixed_at_breach,
        regime.reference,
        regime.multiplier,
        regime.added_rate,
        case
            when regime.rate_basis = 'agreed' then cast(started.agreed_rate as decimal(18, 9))
            when regime.rate_basis = 'daily' then cast(regime.rate_per_day * 365 as decimal(18, 9))
        end as stated_rate,
        regime.flat_amount,
        regime.flat_currency,
        regime.challengeable_above,
        regime.policy_version,
        least_reference.rate as least_rate
    from started
    left join {{ ref('int_late_interest__regime') }} as regime
        on started.late_interest_rule_no = regime.order_no
    left join least_rate
        on
            regime.rate_basis = 'agreed'
            and {{ is_law_of('least_rate', 'started') }}
            and started.is_large_or_public
            and started.is_creditor_sme
    left join {{ ref('int_reference_rate') }} as least_reference
        on
            least_rate.least_reference = least_reference.reference
            and started.signed_on >= least_reference.rate_from
            and started.signed_on < least_reference.rate_to
    where started.first_day <= {{ as_of() }}

)

select * from final
