{#- The grades in force: what each asks and what it allows (policy section 4). `rung_no` is the
    place on the ladder, 1 the best; `order_no` places the unrated among them, for the worst of
    several. -#}
with

typed as (

    select
        grade,
        cast(order_no as int) as order_no,
        cast({{ policy_text('rung_no') }} as int) as rung_no,
        cast({{ policy_text('least_score') }} as decimal(9, 6)) as least_score,
        label_zh,
        label_en,
        cast(longest_terms_days as int) as longest_terms_days,
        terms_zh,
        terms_en,
        cast(limit_factor as decimal(9, 6)) as limit_factor,
        {{ policy_text('limit_floor') }} as limit_floor,
        cast({{ policy_text('equity_share') }} as decimal(9, 6)) as equity_share,
        cast(grace_days as int) as grace_days,
        cast({{ policy_text('hold_days') }} as int) as hold_days,
        hold_floor,
        cast(review_months as int) as review_months,
        cast(prepaid_share as decimal(9, 6)) as prepaid_share,
        {{ policy_text('conditions_zh') }} as conditions_zh,
        {{ policy_text('conditions_en') }} as conditions_en,
        {{ policy_approval() }}
    from {{ policy_table('policy_grade') }}

),

final as (

    select *
    from typed
    where {{ is_in_force() }}

)

select * from final
