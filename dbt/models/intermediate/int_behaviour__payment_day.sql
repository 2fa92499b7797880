{{ config(materialized='table') }}

{#- Days on which a customer paid, applied or not, with the days on which that stood and was
    believed. A bill is a payment on the day it came; what bounced was none from then on. -#}
with

standing as (

    select *
    from (
        {{ standing_amounts(
            ref('int_behaviour__payment'), ['company_code', 'customer_id', 'dated_on']
        ) }}
    ) as what_is_left

),

final as (

    select distinct
        customer.customer_no,
        standing.dated_on,
        standing.day_from,
        standing.day_to,
        month_end.business_day_no - paid_day.business_day_no < 3 as is_last_business_days,
        {{ days_between('standing.dated_on', month_end('standing.dated_on')) }} < 5
            as is_last_calendar_days
    from standing
    inner join {{ ref('int_behaviour__customer') }} as customer
        on
            standing.company_code = customer.company_code
            and standing.customer_id = customer.customer_id
    left join {{ ref('int_business_day__numbered') }} as paid_day
        on customer.country = paid_day.country and standing.dated_on = paid_day.day
    left join {{ ref('int_business_day__numbered') }} as month_end
        on
            customer.country = month_end.country
            and {{ month_end('standing.dated_on') }} = month_end.day

)

select * from final
