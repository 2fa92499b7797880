{{ landed_versions('bank_statement', ['company_code', 'account', 'statement_id']) }}
