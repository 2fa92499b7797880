{{ landed_versions('insurance_cover', ['company_code', 'customer_id', 'policy', 'valid_from']) }}
