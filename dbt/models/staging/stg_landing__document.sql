{{ config(materialized='table') }}

{{ landed_versions('document', ['company_code', 'document_id']) }}
