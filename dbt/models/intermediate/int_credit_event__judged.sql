{{ config(materialized='table') }}

{#- Credit information of customers that are not of our own group, by what it means, and where an
    outside rating is in a lower class than the one before it of the same source, that as news of
    its own (`downgrade`). -#}
with

event as (

    select *
    from {{ ref('int_warning__event') }}
    where not is_intragroup

),

rated as (

    select
        *,
        cast(replace(meaning, 'rating_', '') as int) as class_no,
        lag(cast(replace(meaning, 'rating_', '') as int)) over (
            partition by company_code, customer_id, source
            order by event_date, known_on
        ) as class_before
    from event
    where meaning like 'rating_%'

),

final as (

    select
        party_id,
        company_code,
        meaning,
        event_date,
        known_on,
        known_until,
        source,
        value,
        label_zh,
        label_en
    from event
    union all
    select
        party_id,
        company_code,
        'downgrade' as meaning,
        event_date,
        known_on,
        known_until,
        source,
        value,
        '下调为' || label_zh as label_zh,
        'down to ' || label_en as label_en
    from rated
    where class_no > class_before

)

select * from final
