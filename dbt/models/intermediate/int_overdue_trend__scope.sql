{{ config(materialized='table') }}

{#- What the trend keeps apart beside the bucket, as one number: its sums have tens of millions of
    rows. -#}
with

combination as (

    select distinct
        company_code,
        deal_nature,
        is_intragroup
    from {{ ref('dim_customer') }}

),

currency as (

    select distinct currency
    from {{ ref('fct_open_item_balance') }}

),

final as (

    select
        {{ dense_key([
            'combination.company_code', 'combination.deal_nature', 'combination.is_intragroup',
            'currency.currency'
        ]) }} as scope_key,
        combination.company_code,
        combination.deal_nature,
        combination.is_intragroup,
        currency.currency
    from combination
    cross join currency

)

select * from final
