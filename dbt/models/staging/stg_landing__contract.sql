{{ landed_versions('contract', ['company_code', 'contract_id']) }}
