{{ landed_versions('customer', ['company_code', 'customer_id']) }}
