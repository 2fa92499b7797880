{{ landed_versions('bill_event', ['company_code', 'bill_id', 'event_date', 'kind']) }}
