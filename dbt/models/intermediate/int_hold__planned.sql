{{ config(materialized='table') }}

{#- The days on which each party keeps to an approved plan: from the day on which its first line is
    found paid until a line is broken or all are over. What was promised on one day for one document
    (or the account) is one plan (DECISIONS 37). -#}
{%- set agreement = ['company_code', 'customer_id', 'document_id', 'instalment_no', 'made_on'] -%}
with

promise as (

    {{ current_version('promise') }}

),

line as (

    select
        judged.company_code,
        judged.customer_id,
        judged.document_id,
        judged.instalment_no,
        judged.made_on,
        judged.status,
        judged.judged_on,
        judged.grace_until,
        row_number() over (
            partition by {{ qualified('judged', agreement) }}
            order by judged.promised_date, judged.promise_id
        ) as line_no,
        promise.approved_on
    from {{ ref('int_promise__judged') }} as judged
    inner join promise
        on
            judged.company_code = promise.company_code
            and judged.promise_id = promise.promise_id
    where judged.promise_kind = 'plan'

),

plan as (

    select
        {{ agreement | join(', ') }},
        max(case when line_no = 1 and status = 'kept'
            then greatest(judged_on, approved_on) end) as paid_from,
        min(case when status in ('broken', 'partial', 'kept_late')
            then {{ add_days('grace_until', 1) }} end) as broken_on,
        max({{ add_days('grace_until', 1) }}) as over_on,
        min(case when approved_on is null then 0 else 1 end) = 1 as is_approved
    from line
    group by {{ agreement | join(', ') }}

),

final as (

    select
        customer.party_id,
        plan.paid_from as effective_from,
        coalesce(plan.broken_on, plan.over_on) as effective_to
    from plan
    inner join {{ ref('dim_customer') }} as customer
        on plan.company_code = customer.company_code and plan.customer_id = customer.customer_id
    where
        plan.is_approved
        and plan.paid_from < coalesce(plan.broken_on, plan.over_on)
        and not customer.is_intragroup

)

select * from final
