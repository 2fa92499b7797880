{#- Configuration, not on the knowledge clock: a company's books do not change their currency
    (DECISIONS 11). -#}
with

final as (

    select
        company_code,
        name,
        functional_currency,
        time_zone,
        country,
        intercompany_group,
        borrowing_rate,
        tax_relief_on_bad_debt
    from {{ source('landing', 'company_setting') }}

)

select * from final
