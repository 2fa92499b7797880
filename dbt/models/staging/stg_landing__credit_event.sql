{{ landed_versions('credit_event',
    ['company_code', 'customer_id', 'event_date', 'source', 'kind']) }}
