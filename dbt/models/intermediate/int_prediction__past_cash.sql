{{ config(materialized='view') }}

{#- What would have been expected on past days, week by week, and what came. -#}
select * from {{ predicted('cash_forecast_error') }}
