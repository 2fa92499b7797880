{{ landed_versions('payment_term', ['company_code', 'payment_terms', 'line_id']) }}
