{{ landed_versions('fx_rate', ['rate_date', 'from_currency', 'to_currency', 'rate_type']) }}
