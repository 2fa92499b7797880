{#- Grades that somebody has decided, with what makes them valid: a reason, an author, another who
    approved it, and an expiry within the months of the policy. One that lacks something is told
    (`fault`) and counts for nothing. -#}
with

typed as (

    select
        company_code,
        customer_id,
        {{ policy_text('grade') }} as grade,
        {{ policy_text('reason') }} as reason,
        {{ policy_text('author') }} as author,
        {{ policy_approval() }}
    from {{ policy_table('policy_manual_grade') }}

),

final as (

    select
        typed.company_code,
        typed.customer_id,
        customer.party_id,
        typed.grade,
        grade.rung_no,
        typed.reason,
        typed.author,
        {{ policy_text('typed.approved_by') }} as approved_by,
        typed.approved_on,
        typed.valid_from,
        typed.valid_to,
        typed.policy_version,
        case
            when customer.party_id is null then 'no_such_customer'
            when grade.rung_no is null then 'no_such_grade'
            when typed.reason is null then 'no_reason'
            when typed.author is null then 'no_author'
            when {{ policy_text('typed.approved_by') }} is null then 'no_approver'
            when typed.approved_by = typed.author then 'approved_by_its_author'
            when typed.valid_from is null or typed.valid_to is null then 'no_expiry'
            when
                typed.valid_to
                > {{ add_months('typed.valid_from', policy_value('manual_grade_months')) }}
                then 'valid_too_long'
        end as fault
    from typed
    left join {{ ref('dim_customer') }} as customer
        on
            typed.company_code = customer.company_code
            and typed.customer_id = customer.customer_id
            and not customer.is_intragroup
    left join {{ ref('int_rating__grade') }} as grade
        on typed.grade = grade.grade

)

select * from final
