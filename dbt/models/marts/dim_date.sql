with

first_movement as (

    select coalesce(min(effective_date), {{ as_of() }}) as first_day
    from {{ ref('int_movement__document') }}

),

bounds as (

    -- a year and a quarter ahead: forecasts and due dates reach there; a typo date does not stretch
    -- the calendar
    select
        least(first_day, {{ add_days(as_of(), -1) }}) as first_day,
        {{ add_days(as_of(), 456) }} as last_day
    from first_movement

),

spine as (

    {{ day_spine('(select first_day from bounds)', '(select last_day from bounds)') }}

),

final as (

    select
        cast(day as date) as day,
        cast({{ month_start('day') }} as date) as month_start,
        cast({{ month_end('day') }} as date) as month_end,
        cast(day = {{ month_end('day') }} as boolean) as is_month_end,
        cast(extract(year from day) as int) as calendar_year,
        cast(extract(month from day) as int) as calendar_month,
        cast(day = {{ as_of() }} as boolean) as is_as_of
    from spine

)

select * from final
