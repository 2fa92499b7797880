{{ landed_versions('financial_statement', ['company_code', 'customer_id', 'period_end']) }}
