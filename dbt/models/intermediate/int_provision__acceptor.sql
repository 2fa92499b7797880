{{ config(materialized='table') }}

{#- Who answers for every bill received, and whether its receivable counts as open until the bill is
    honoured: a company's promise does, a bank's is as good as paid (DECISIONS 30). A bank is major
    where the policy lists it, whatever the source calls it. -#}
with

receipt as (

    {{ current_version('receipt') }}

),

bill as (

    select
        company_code,
        receipt_id,
        coalesce(acceptor, '') as acceptor_name,
        case
            when acceptor_kind is not null then acceptor_kind
            when method = 'bank_acceptance' then 'other_bank'
            else 'corporate'
        end as told_kind
    from receipt
    where {{ is_bill_receipt('receipt') }}

),

offered as (

    select
        bank,
        name_part,
        {{ policy_approval() }}
    from {{ policy_table('policy_major_bank') }}

),

listed as (

    select distinct acceptor.acceptor_name
    from (select distinct acceptor_name from bill) as acceptor
    inner join offered
        on instr(acceptor.acceptor_name, offered.name_part) > 0
    where {{ is_in_force() }}

),

judged as (

    select
        bill.company_code,
        bill.receipt_id,
        bill.acceptor_name,
        case
            when bill.told_kind in ('corporate', 'finance_company') then bill.told_kind
            when listed.acceptor_name is not null then 'major_bank'
            else 'other_bank'
        end as acceptor
    from bill
    left join listed
        on bill.acceptor_name = listed.acceptor_name

),

final as (

    select
        judged.company_code,
        judged.receipt_id,
        judged.acceptor_name,
        judged.acceptor,
        -- a kind of acceptor that no segment names is no bank that pays for sure
        coalesce(min(case when segment.is_open_until_honoured then 1 else 0 end), 1) = 1
            as is_open_until_honoured
    from judged
    left join {{ ref('int_provision__segment') }} as segment
        on
            segment.is_open_until_honoured is not null
            and {{ is_among('segment.acceptor', 'judged.acceptor') }}
    group by judged.company_code, judged.receipt_id, judged.acceptor_name, judged.acceptor

)

select * from final
