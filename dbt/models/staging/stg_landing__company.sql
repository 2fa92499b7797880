{{ landed_versions('company', ['company_code']) }}
