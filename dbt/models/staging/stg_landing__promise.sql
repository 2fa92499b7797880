{{ config(materialized='table') }}

{{ landed_versions('promise', ['company_code', 'promise_id']) }}
