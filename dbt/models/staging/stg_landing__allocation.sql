{{ config(materialized='table') }}

{{ landed_versions('allocation', ['company_code', 'allocation_id']) }}
