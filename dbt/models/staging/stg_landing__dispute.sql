{{ landed_versions('dispute', ['company_code', 'dispute_id']) }}
