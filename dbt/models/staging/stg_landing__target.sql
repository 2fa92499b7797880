{{ landed_versions('target', ['company_code', 'metric', 'scope', 'period']) }}
