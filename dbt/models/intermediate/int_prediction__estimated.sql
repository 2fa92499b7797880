{{ config(materialized='view') }}

{#- One row per open item that the engine took: chances, days, models, reasons. -#}
select * from {{ predicted('payment_prediction') }}
