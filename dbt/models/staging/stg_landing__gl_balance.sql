{{ landed_versions('gl_balance', ['company_code', 'account', 'balance_date', 'currency']) }}
