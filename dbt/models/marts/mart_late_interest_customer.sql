with

accrued as (

    select
        company_code,
        customer_id,
        currency,
        count(*) as item_count,
        sum(case when interest_document is null then 1 else 0 end) as uncomputed_item_count,
        sum(case when is_open then interest_document else 0 end) as open_interest,
        sum(case when not is_open then interest_document else 0 end) as settled_interest,
        sum(interest_reporting) as interest_reporting,
        sum(flat_fee_reporting) as flat_fee_reporting,
        sum(case when flat_fee_document is not null then 1 else 0 end) as flat_fee_count
    from {{ ref('mart_late_interest') }}
    group by company_code, customer_id, currency

),

billed_item as (

    select
        item.company_code,
        item.customer_id,
        item.currency,
        sum(item.original_amount_document) as billed_interest
    from {{ ref('fct_open_item') }} as item
    where
        item.is_current
        and item.item_kind = 'interest'
        and item.posting_date <= {{ as_of() }}
        and (item.voided_on is null or item.voided_on > {{ as_of() }})
    group by item.company_code, item.customer_id, item.currency

),

billed_open as (

    select
        company_code,
        customer_id,
        currency,
        sum(open_amount_document) as open_billed_interest
    from {{ ref('int_open_item__current') }}
    where item_kind = 'interest'
    group by company_code, customer_id, currency

),

named as (

    select company_code, customer_id, currency from accrued
    union distinct
    select company_code, customer_id, currency from billed_item

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(named.company_code as {{ dbt.type_string() }}) as company_code,
        cast(named.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(named.currency as {{ dbt.type_string() }}) as currency,
        cast(coalesce(accrued.item_count, 0) as bigint) as item_count,
        cast(coalesce(accrued.uncomputed_item_count, 0) as bigint) as uncomputed_item_count,
        cast(coalesce(accrued.open_interest, 0) as decimal(18, 2)) as open_interest_document,
        cast(coalesce(accrued.settled_interest, 0) as decimal(18, 2)) as settled_interest_document,
        cast(coalesce(accrued.interest_reporting, 0) as decimal(18, 2)) as interest_reporting,
        cast(coalesce(accrued.flat_fee_count, 0) as bigint) as flat_fee_count,
        cast(coalesce(accrued.flat_fee_reporting, 0) as decimal(18, 2)) as flat_fee_reporting,
        cast(coalesce(billed_item.billed_interest, 0) as decimal(18, 2))
            as billed_interest_document,
        cast(coalesce(billed_open.open_billed_interest, 0) as decimal(18, 2))
            as open_billed_interest_document
    from named
    left join accrued
        on {{ equal_key('named', 'accrued', ['company_code', 'customer_id', 'currency']) }}
    left join billed_item
        on {{ equal_key('named', 'billed_item', ['company_code', 'customer_id', 'currency']) }}
    left join billed_open
        on {{ equal_key('named', 'billed_open', ['company_code', 'customer_id', 'currency']) }}

)

select * from final
