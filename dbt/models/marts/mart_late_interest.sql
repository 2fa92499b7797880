with

item as (

    select * from {{ ref('int_late_interest__item') }}

),

accrued as (

    select
        open_item_id,
        min(first_day) as first_interest_day,
        max(last_day) as last_interest_day,
        sum(days) as interest_days,
        count(*) as segment_count,
        max_by(balance_document, first_day) as balance_document,
        max_by(rate_per_year, first_day) as rate_per_year,
        -- one unknown part makes the whole unknown
        case when count(*) = count(interest_document) then sum(interest_document) end
            as interest_document,
        max(reason_when_null) as reason_when_null,
        max(case when is_reference_unconfirmed then 1 else 0 end) = 1 as is_reference_unconfirmed
    from {{ ref('int_late_interest__segment') }}
    group by open_item_id

),

-- EUR 40 per invoice, however many instalments of it are late
numbered as (

    select
        item.open_item_id,
        row_number() over (
            partition by item.company_code, item.document_id
            order by accrued.first_interest_day, item.instalment_no
        ) as item_no_of_document
    from item
    inner join accrued
        on item.open_item_id = accrued.open_item_id

),

rate as (

    select *
    from {{ ref('int_fx_rate__closing') }}
    where day = {{ as_of() }}

),

-- a flat amount is in a currency of its own, which the company may not bill in
flat_rate as (

    select
        currency,
        min(rate_to_reporting) as rate_to_reporting
    from rate
    group by currency

),

contested as (

    select
        open_item_id,
        disputed_amount_document
    from {{ ref('int_open_item__current') }}
    where disputed_amount_document > 0

),

credited as (

    select distinct
        company_code,
        customer_id,
        currency
    from {{ ref('int_open_item__current') }}
    where open_amount_document < 0 and receivable_class = 'trade'

),

valued as (

    select
        item.*,
        accrued.first_interest_day,
        accrued.last_interest_day,
        accrued.interest_days,
        accrued.segment_count,
        case when item.is_open then accrued.balance_document else 0 end as balance_document,
        accrued.rate_per_year,
        accrued.interest_document,
        accrued.is_reference_unconfirmed,
        {{ money_times_rate('accrued.interest_document', 'rate.rate_to_reporting') }}
            as interest_reporting,
        case
            when accrued.reason_when_null is not null then accrued.reason_when_null
            when rate.rate_to_reporting is null then 'no_rate_to_reporting'
        end as reason_when_null,
        case when numbered.item_no_of_document = 1 then item.flat_amount end as flat_fee_amount,
        case when numbered.item_no_of_document = 1 then item.flat_currency end
            as flat_fee_currency,
        case when numbered.item_no_of_document = 1
            then {{ money_times_rate('item.flat_amount', 'flat_rate.rate_to_reporting') }} end
            as flat_fee_reporting,
        coalesce(contested.disputed_amount_document, 0) as disputed_amount_document,
        item.is_open and credited.customer_id is not null as has_unapplied_credit
    from item
    inner join accrued
        on item.open_item_id = accrued.open_item_id
    inner join numbered
        on item.open_item_id = numbered.open_item_id
    left join rate
        on item.company_code = rate.company_code and item.currency = rate.currency
    left join flat_rate
        on item.flat_currency = flat_rate.currency
    left join contested
        on item.open_item_id = contested.open_item_id
    left join credited
        on
            item.company_code = credited.company_code
            and item.customer_id = credited.customer_id
            and item.currency = credited.currency

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(open_item_id as {{ dbt.type_string() }}) as open_item_id,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(item_kind as {{ dbt.type_string() }}) as item_kind,
        cast(document_id as {{ dbt.type_string() }}) as document_id,
        cast(instalment_no as int) as instalment_no,
        cast(nullif(contract_id, '') as {{ dbt.type_string() }}) as contract_id,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(original_amount_document as decimal(18, 2)) as original_amount_document,
        cast(balance_document as decimal(18, 2)) as balance_document,
        cast(disputed_amount_document as decimal(18, 2)) as disputed_amount_document,
        cast(is_open as boolean) as is_open,
        cast(due_date as date) as due_date,
        cast(payable_on as date) as payable_date,
        cast(payable_until as date) as payable_until_date,
        cast(grace_days as int) as grace_days,
        cast(first_interest_day as date) as first_interest_day,
        cast(last_interest_day as date) as last_interest_day,
        cast(interest_days as bigint) as interest_days,
        cast(segment_count as bigint) as segment_count,
        cast(governing_law as {{ dbt.type_string() }}) as governing_law,
        cast(regime as {{ dbt.type_string() }}) as regime,
        cast(rate_per_year as decimal(18, 9)) as rate_per_year,
        cast(interest_document as decimal(18, 2)) as interest_document,
        cast(interest_reporting as decimal(18, 2)) as interest_reporting,
        cast(reason_when_null as {{ dbt.type_string() }}) as reason_when_null,
        cast(flat_fee_amount as decimal(18, 2)) as flat_fee_document,
        cast(flat_fee_currency as {{ dbt.type_string() }}) as flat_fee_currency,
        cast(flat_fee_reporting as decimal(18, 2)) as flat_fee_reporting,
        cast(coalesce(rate_per_year > challengeable_above, false) as boolean)
            as is_rate_challengeable,
        cast(coalesce(agreed_rate < least_rate, false) as boolean)
            as is_agreed_rate_below_least,
        cast(regime = 'cn_sale' and is_creditor_size_unknown and is_large_or_public as boolean)
            as is_creditor_size_unknown,
        cast(is_reference_unconfirmed as boolean) as is_reference_unconfirmed,
        cast(has_unapplied_credit as boolean) as has_unapplied_credit,
        cast(is_intragroup as boolean) as is_intragroup,
        cast(policy_version as {{ dbt.type_string() }}) as policy_version
    from valued

)

select * from final
