{{ landed_versions('bank_transaction',
    ['company_code', 'account', 'booking_date', 'value_date', 'currency', 'amount',
    'counterparty_name', 'counterparty_account', 'remittance_text', 'bank_reference',
    'end_to_end_id', 'transaction_code', 'occurrence_no']) }}
