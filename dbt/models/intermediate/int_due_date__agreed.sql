{{ config(materialized='table') }}

{#- Agreements that moved a due date, as known (rule 4, accounting B3, B4): approved extensions from
    their approval, and a due date that a later version of the document changed, from the business
    date of that delivery. The second kind is history: once seen it stays seen. -#}
with

item_version as (

    select
        item_key,
        company_code,
        due_date,
        known_from,
        lag(due_date) over (partition by item_key order by known_from) as previous_due_date
    from {{ ref('int_open_item__version') }}
    -- a receipt is due on its own date; correcting that date agrees nothing
    where item_kind not in ('receipt', 'refund')

),

changed as (

    select
        item_version.item_key,
        delivery.business_date as agreed_on,
        item_version.due_date as agreed_due_date,
        cast(null as date) as cancelled_on,
        1 as source_no,
        cast(null as {{ dbt.type_string() }}) as promise_id,
        item_version.known_from,
        {{ end_of_time() }} as known_to
    from item_version
    inner join {{ ref('int_company__delivery') }} as delivery
        on item_version.company_code = delivery.company_code and item_version.known_from
            = delivery.known_at
    where item_version.previous_due_date <> item_version.due_date

),

-- A re-issue is an agreement of the day it was posted: after the first due date it is forbearance
-- like any other.
reissue as (

    select *
    from {{ ref('int_due_date__original') }}
    where is_reissue

),

first_version as (

    select
        version.item_key,
        min_by(version.due_date, version.known_from) as first_due_date,
        min_by(version.accounting_date, version.known_from) as accounting_date
    from {{ ref('int_open_item__version') }} as version
    inner join (select distinct item_key from reissue) as reissued_item
        on version.item_key = reissued_item.item_key
    group by version.item_key

),

reissued as (

    select
        original.item_key,
        first_version.accounting_date as agreed_on,
        first_version.first_due_date as agreed_due_date,
        cast(null as date) as cancelled_on,
        0 as source_no,
        cast(null as {{ dbt.type_string() }}) as promise_id,
        original.known_from,
        original.known_to
    from reissue as original
    inner join first_version
        on original.item_key = first_version.item_key

),

extension as (

    select
        item.item_key,
        promise.approved_on as agreed_on,
        promise.promised_date as agreed_due_date,
        promise.cancelled_on,
        2 as source_no,
        promise.promise_id,
        promise.known_from,
        promise.known_to
    from {{ ref('stg_landing__promise') }} as promise
    inner join {{ ref('int_open_item__keyed') }} as item
        on
            promise.company_code = item.company_code
            and promise.document_id = item.voucher_id
            and item.voucher_kind = 'D'
            and (promise.instalment_no is null or promise.instalment_no = item.instalment_no)
    where
        not promise.is_deleted
        and promise.kind = 'extension'
        and promise.approved_on is not null
        and (promise.cancelled_on is null or promise.cancelled_on > promise.approved_on)

),

final as (

    select * from reissued
    union all
    select * from changed
    union all
    select * from extension

)

select * from final
