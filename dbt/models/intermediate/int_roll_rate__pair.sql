{#- The pairs of days that roll rates compare, counted back from each day on which the provision is
    worked out (policy section 6 rule 1): equal steps of 30 days for `monthly_30`, of 12 months for
    `cas_annual`, there one pair for each month that its end moves back. History that does not reach
    back has fewer pairs. -#}
with

vantage as (

    select * from {{ ref('int_provision__vantage') }}

),

day as (

    select
        day,
        min(day) over () as first_day
    from {{ ref('dim_date') }}
    where day <= {{ as_of() }}

),

stepped as (

    select
        vantage.months_back,
        'monthly_30' as variant,
        cast({{ days_between('day.day', 'vantage.day') }} / 30 as int) as pair_no,
        day.day as start_day,
        {{ add_days('day.day', 30) }} as end_day
    from vantage
    inner join day
        on
            day.day < vantage.day
            and {{ days_between('day.day', 'vantage.day') }} % 30 = 0

),

month as (

    select distinct
        vantage.months_back,
        vantage.day,
        {{ calendar_months_between('calendar.month_start', month_start('vantage.day')) }}
            as months_before
    from vantage
    inner join {{ ref('dim_date') }} as calendar
        on calendar.day <= vantage.day

),

yearly as (

    select
        months_back,
        'cas_annual' as variant,
        cast(months_before + 1 as int) as pair_no,
        {{ add_months('day', '-(cast(months_before as int) + 12)') }} as start_day,
        {{ add_months('day', '-cast(months_before as int)') }} as end_day
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
