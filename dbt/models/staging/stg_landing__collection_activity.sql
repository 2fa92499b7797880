{{ landed_versions('collection_activity', ['company_code', 'activity_id']) }}
