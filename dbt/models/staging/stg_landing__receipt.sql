{{ config(materialized='table') }}

{{ landed_versions('receipt', ['company_code', 'receipt_id']) }}
