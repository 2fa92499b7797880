{{ config(materialized='table') }}

{#- Days of a company on whose evening its ledger was not up to date, for no delivery reports them: with monthly deliveries
    all but the month ends. Nobody predicted anything then, so nothing is learnt or judged there. Days before
    the first delivery are reconstructed and as good as any. -#}
with

told as (

    select distinct
        company_code,
        known_day,
        first_known_day
    from {{ ref('int_company__known_day') }}

),

spine as (

    {{ day_spine(add_days(as_of(), -1096), as_of()) }}

),

covered as (

    select
        company_code,
        min(first_known_day) as first_day
    from told
    group by company_code

),

final as (

    select
        covered.company_code,
        spine.day
    from covered
    inner join spine
        on spine.day > covered.first_day
    left join told
        on
            covered.company_code = told.company_code
            and spine.day = told.known_day
    where told.known_day is null and spine.day < {{ as_of() }}

)

select * from final
