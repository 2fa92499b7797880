{#- Exposure of each party on the as-of date over all its ids, and what of it no insurance in force
    covers, at the rates of that date, as mart_credit_exposure has it. Warnings and grades are judged
    at the rates of their days (int_warning__exposed). -#}
with

final as (

    select
        customer.party_id,
        sum(struck.exposure) as exposure,
        sum(struck.exposure - struck.insured_cover) as uncovered_exposure
    from {{ ref('int_exposure__struck') }} as struck
    inner join {{ ref('dim_customer') }} as customer
        on
            struck.company_code = customer.company_code
            and struck.customer_id = customer.customer_id
    where struck.period_end = {{ as_of() }} and not customer.is_intragroup
    group by customer.party_id

)

select * from final
