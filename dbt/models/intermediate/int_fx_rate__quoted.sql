{#- Every quotation in both directions, as known. The inverse is rounded to the 12 decimals that a
    rate has. -#}
with

rate as (

    select
        rate_date,
        from_currency,
        to_currency,
        coalesce(rate_type, 'closing') as rate_type,
        rate,
        known_from,
        known_to
    from {{ ref('stg_landing__fx_rate') }}
    where not is_deleted and rate > 0 and from_currency <> to_currency

),

final as (

    select
        rate_date,
        from_currency,
        to_currency,
        rate_type,
        1 as direction_no,
        rate,
        known_from,
        known_to
    from rate
    union all
    select
        rate_date,
        to_currency as from_currency,
        from_currency as to_currency,
        rate_type,
        2 as direction_no,
        cast(1 / cast(rate as double) as decimal(28, 12)) as rate,
        known_from,
        known_to
    from rate

)

select * from final
