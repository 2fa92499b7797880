{#- What keeps a customer from a better grade, whatever its score: the best grade that is left, or
    how many steps lower the grade of the score is. -#}
with

typed as (

    select
        condition,
        {{ policy_text('at_best') }} as at_best,
        cast({{ policy_text('steps_lower') }} as int) as steps_lower,
        cast({{ policy_text('threshold') }} as int) as threshold,
        {{ policy_text('floor') }} as floor,
        label_zh,
        label_en,
        {{ policy_approval() }}
    from {{ policy_table('policy_grade_cap') }}

),

final as (

    select *
    from typed
    where {{ is_in_force() }}

)

select * from final
