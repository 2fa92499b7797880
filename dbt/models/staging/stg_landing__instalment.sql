{{ config(materialized='table') }}

{{ landed_versions('instalment', ['company_code', 'document_id', 'instalment_no']) }}
