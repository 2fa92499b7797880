{{ config(materialized='table') }}

{#- Every limit in force, with the pool of customers whose exposure it binds and its amount in the
    reporting currency at the closing rates of the as-of date and of the month end before.

    A limit of a customer binds that customer: under all ids that are confirmed to be it, and one
    given for all companies in all of them together (scope `same_customer`). One of a head of a
    group binds the group, where the head has no business of its own; else it may be meant for the
    head alone, and policy `head_limit_binds` = group says otherwise. -#}
with

previous_month as (

    select {{ add_days(month_start(as_of()), -1) }} as day

),

dated as (

    select
        limit_row.*,
        node.customer_key,
        node.identity_id,
        node.group_id,
        node.is_own_id,
        node.identity_id = node.group_id and node.is_own_id as is_head
    from {{ ref('int_credit_limit__dated') }} as limit_row
    inner join {{ ref('int_customer__grouped') }} as node
        on
            limit_row.company_code = node.company_code
            and limit_row.customer_id = node.customer_id

),

trading as (

    select distinct
        node.identity_id,
        node.company_code
    from {{ ref('fct_open_item') }} as item
    inner join {{ ref('int_customer__grouped') }} as node
        on item.company_code = node.company_code and item.customer_id = node.customer_id
    where item.is_current

),

-- others than the head itself
member as (

    select distinct
        group_id,
        company_code
    from {{ ref('int_customer__grouped') }}
    where identity_id <> group_id and is_customer and not is_intragroup

),

several_ids as (

    select
        identity_id,
        company_code
    from {{ ref('int_customer__grouped') }}
    where is_customer and not is_intragroup
    group by identity_id, company_code
    having count(*) > 1

),

aimed as (

    select
        dated.*,
        dated.is_head
        and exists (
            select 1
            from member
            where
                dated.group_id = member.group_id
                and (dated.is_shared or dated.company_code = member.company_code)
        )
        and (
            policy.head_limit_binds = 'group'
            or not exists (
                select 1
                from trading
                where
                    dated.identity_id = trading.identity_id
                    and (dated.is_shared or dated.company_code = trading.company_code)
            )
        ) as is_for_group
    from dated
    cross join {{ ref('int_credit_limit__policy') }} as policy

),

final as (

    select
        case
            when is_for_group then 'group'
            when is_shared then 'same_customer'
            when is_own_id and several_ids.identity_id is not null then 'same_customer'
            else 'customer'
        end as scope,
        case when is_shared then '*' else aimed.company_code end as company_code,
        case
            when is_for_group then group_id
            when is_shared or is_own_id and several_ids.identity_id is not null
                then aimed.identity_id
            else customer_key
        end as subject_id,
        limit_kind,
        aimed.currency,
        amount as limit_amount,
        {{ money_times_rate('amount', 'rate.rate_to_reporting') }} as limit_reporting,
        {{ money_times_rate('amount', 'previous_rate.rate_to_reporting') }}
            as limit_at_previous_rate,
        approved_by,
        valid_from,
        effective_from,
        effective_to
    from aimed
    cross join previous_month
    left join several_ids
        on
            aimed.identity_id = several_ids.identity_id
            and aimed.company_code = several_ids.company_code
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            aimed.company_code = rate.company_code
            and aimed.currency = rate.currency
            and rate.day = {{ as_of() }}
    left join {{ ref('int_fx_rate__closing') }} as previous_rate
        on
            aimed.company_code = previous_rate.company_code
            and aimed.currency = previous_rate.currency
            and previous_month.day = previous_rate.day

)

select * from final
