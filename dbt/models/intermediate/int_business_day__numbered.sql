{#- Every day per country of a company, and how many business days there were up to and including it:
    the n-th business day after a day is the one whose number is n higher. Only deadlines are moved
    by it, aging never is (accounting B10). A country whose holidays are not known has weekends. -#}
with

country as (

    select distinct coalesce(country, '(none)') as country
    from {{ ref('int_company') }}

),

spine as (

    select
        country.country,
        calendar.day
    from country
    cross join {{ ref('dim_date') }} as calendar

),

judged as (

    select
        spine.country,
        spine.day,
        coalesce(
            exception.is_business_day,
            -- the calendar begins on a Monday
            {{ days_between(start_of_days(), 'spine.day') }} % 7 < 5
        ) as is_business_day
    from spine
    left join {{ source('landing', 'calendar_exception') }} as exception
        on spine.country = exception.country and spine.day = exception.day

),

final as (

    select
        country,
        day,
        is_business_day,
        sum(case when is_business_day then 1 else 0 end) over (
            partition by country
            order by day
            rows between unbounded preceding and current row
        ) as business_day_no
    from judged

)

select * from final
