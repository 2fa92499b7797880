with

final as (

    select
        cast(grade as {{ dbt.type_string() }}) as grade,
        cast(order_no as int) as order_no,
        cast(least_score as decimal(9, 6)) as least_score,
        cast(label_zh as {{ dbt.type_string() }}) as label_zh,
        cast(label_en as {{ dbt.type_string() }}) as label_en,
        cast(longest_terms_days as int) as longest_terms_days,
        cast(terms_zh as {{ dbt.type_string() }}) as terms_zh,
        cast(terms_en as {{ dbt.type_string() }}) as terms_en,
        cast(limit_factor as decimal(9, 6)) as limit_factor,
        cast(limit_floor as {{ dbt.type_string() }}) as limit_floor,
        cast(equity_share as decimal(9, 6)) as equity_share,
        cast(grace_days as int) as grace_days,
        cast(hold_days as int) as hold_days,
        cast(hold_floor as {{ dbt.type_string() }}) as hold_floor,
        cast(review_months as int) as review_months,
        cast(prepaid_share as decimal(9, 6)) as prepaid_share,
        cast(conditions_zh as {{ dbt.type_string() }}) as conditions_zh,
        cast(conditions_en as {{ dbt.type_string() }}) as conditions_en,
        cast(policy_version as {{ dbt.type_string() }}) as policy_version,
        cast(valid_from as date) as valid_from,
        cast(valid_to as date) as valid_to,
        cast(approved_by as {{ dbt.type_string() }}) as approved_by,
        cast(approved_on as date) as approved_on
    from {{ ref('int_rating__grade') }}

)

select * from final
