{{ landed_versions('credit_limit',
    ['company_code', 'customer_id', 'kind', 'currency', 'valid_from']) }}
