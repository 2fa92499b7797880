{#- The pairs of days that roll rates compare, counted back from the as-of date (policy section 6
    rule 1): equal steps of 30 days for `monthly_30`, of 12 months for `cas_annual`, there one pair
    for each month that its end moves back. History that does not reach back has fewer pairs. -#}
with

day as (

    select
        day,
        min(day) over () as first_day
    from {{ ref('dim_date') }}
    where day <= {{ as_of() }}

),

stepped as (

    select
        'monthly_30' as variant,
        cast({{ days_between('day', as_of()) }} / 30 as int) as pair_no,
        day as start_day,
        {{ add_days('day', 30) }} as end_day
    from day
    where {{ days_between('day', as_of()) }} > 0 and {{ days_between('day', as_of()) }} % 30 = 0

),

month as (

    select distinct
        {{ calendar_months_between('month_start', month_start(as_of())) }} as months_back
    from {{ ref('dim_date') }}
    where day <= {{ as_of() }}

),

yearly as (

    select
        'cas_annual' as variant,
        cast(months_back + 1 as int) as pair_no,
        {{ add_months(as_of(), '-(cast(months_back as int) + 12)') }} as start_day,
        {{ add_months(as_of(), '-cast(months_back as int)') }} as end_day
    from month

),

final as (

    select * from stepped
    where pair_no <= {{ policy_value('roll_rate_pairs') }}
    union all
    select yearly.*
    from yearly
    inner join day
        on yearly.start_day = day.day
    where pair_no <= {{ policy_value('roll_rate_pairs') }}

)

select * from final
