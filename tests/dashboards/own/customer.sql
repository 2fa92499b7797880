-- What the customer page reads of DE01|K200, worked by hand at 7.8: open 43,400.00 + 28,850.75 EUR = CNY 563,555.85,
-- both overdue; unapplied 12,000.00 = 93,600.00; a bill of 20,000.00 = 156,000.00; exposure 625,955.85 of a limit of 500,000.
alter table marts.dim_customer add column if not exists tax_id varchar;
alter table marts.dim_customer add column if not exists customer_type varchar;
alter table marts.dim_customer add column if not exists ownership varchar;
alter table marts.dim_customer add column if not exists size_class varchar;
alter table marts.dim_customer add column if not exists industry varchar;
alter table marts.dim_customer add column if not exists country varchar;
alter table marts.dim_customer add column if not exists payment_terms varchar;
alter table marts.dim_customer add column if not exists onboarded_on date;
update marts.dim_customer set ownership = 'private', payment_terms = '30 days', onboarded_on = date '2024-01-15'
where customer_id = 'K200';
insert into marts.dim_customer (company_code, customer_id, name, deal_nature, related_party, status, collector,
    sales_owner, region, is_intragroup, party_id)
values ('DE01', 'O''B"1', 'Conan O''Brien & "Söhne" ' || repeat('Grundstücksverwaltungs', 12) || ' GmbH', 'other', 'none',
    'active', 'A. Weber', 'T. Vogel', 'DACH', false, 'DE01|O''B"1');

alter table marts.fct_document add column if not exists reference varchar;
alter table marts.fct_document add column if not exists is_cancelled boolean;
alter table marts.fct_receipt add column if not exists reference varchar;
alter table marts.fct_receipt add column if not exists bill_id varchar;
alter table marts.fct_receipt add column if not exists status_date date;
alter table marts.fct_open_item add column if not exists instalment_no integer;
alter table marts.fct_open_item add column if not exists document_date date;
alter table marts.fct_open_item add column if not exists due_date date;
alter table marts.fct_open_item add column if not exists original_due_date date;
alter table marts.fct_open_item add column if not exists currency varchar;
alter table marts.fct_open_item add column if not exists original_amount_document decimal(18, 2);
alter table marts.fct_open_item add column if not exists is_age_unknown boolean;
alter table marts.fct_open_item add column if not exists is_due_date_derived boolean;
alter table marts.fct_open_item add column if not exists is_current boolean;
-- RE-6001 was paid by a receipt of 30 January, two days before it was applied; the bill came on 15 May
insert into marts.fct_open_item (open_item_id, company_code, customer_id, item_kind, document_id, posting_date,
    receivable_class)
values
    ('DE01|R|RCP-RE-6001-1', 'DE01', 'K200', 'receipt', 'RCP-RE-6001-1', date '2026-01-30', 'trade'),
    ('DE01|B|RCP-6200|1', 'DE01', 'K200', 'bill', 'RCP-6200', date '2026-05-15', 'bill');
insert into marts.fct_open_item_balance values
    ('DE01|B|RCP-6200|1', 'DE01', 'K200', 'bill', 'bill', 'RCP-6200', 1, 'EUR', '2026-05-15', '2026-05-15', '2026-11-15',
        '2026-05-01', null, '2026-05-15', '1130', '2026-05-15', '9999-12-31', '2025-01-01 01:00:00', '9999-12-31',
        20000.00, 20000.00, false);
insert into marts.mart_aging (open_item_id, company_code, customer_id, item_kind, receivable_class, document_id,
    instalment_no, currency, document_date, due_date, original_due_date, open_amount_document, open_amount_functional,
    open_amount_reporting, days_past_due, bucket_standard, disputed_amount_document,
    absorbed_amount_document)
values ('DE01|B|RCP-6200|1', 'DE01', 'K200', 'bill', 'bill', 'RCP-6200', 1, 'EUR', '2026-05-15', '2026-11-15',
    '2026-05-01', 20000.00, 20000.00, 156000.00, -138, 'not_due', 0.00, 0.00);
insert into marts.fct_receipt (company_code, receipt_id, customer_id, receipt_date, currency, amount_document, method,
    status, _source, _load_id, _file, _row, bill_id)
values
    ('DE01', 'RCP-RE-6001-1', 'K200', '2026-01-30', 'EUR', 30000.00, 'transfer', 'cleared', 'erp', 2, 'receipt.csv', 90, null),
    ('DE01', 'RCP-6200', 'K200', '2026-05-15', 'EUR', 20000.00, 'bank_acceptance', null, 'erp', 2, 'receipt.csv', 91, 'BA-1');
-- the bill came with the receipt; 1,000.00 of it was honoured early, and that movement leads to the event
insert into marts.fct_receivable_movement values
    ('M9001-0', 'DE01|B|RCP-6200|1', 'DE01', 'K200', '2026-05-15', 'bill_received', 'EUR', 21000.00, 21000.00, null, null,
        false, '2025-01-01 01:00:00', '9999-12-31', 'bill', 2, 91),
    ('M9001-1', 'DE01|B|RCP-6200|1', 'DE01', 'K200', '2026-06-01', 'bill_honoured', 'EUR', -1000.00, -1000.00, null, null,
        false, '2025-01-01 01:00:00', '9999-12-31', 'bill', 8, 1);
insert into marts.dim_release_load (release_id, load_id, source, entity, extracted_at, known_at, business_date, is_required,
    rows_read, rows_landed, rows_rejected, amount_rejected)
values
    ('r0123', 8, 'erp', 'bill_event', '2026-06-30 15:10:00', '2026-06-30 15:10:00', '2026-06-30', true, 1, 1, 0, 0.00);
insert into marts.fct_bill_event (company_code, bill_id, event_date, kind, currency, amount_document, receipt_count,
    effective_date, effective_amount_document, _source, _load_id, _file, _row)
values ('DE01', 'BA-1', '2026-06-01', 'honoured', 'EUR', 1000.00, 1, '2026-06-01', 1000.00, 'erp', 8, 'bill_event.csv', 1);
update marts.fct_open_item as item
set document_date = coalesce(first.document_date, item.posting_date), due_date = first.due_date,
    original_due_date = first.original_due_date, instalment_no = first.instalment_no, currency = first.currency,
    original_amount_document = first.open_amount_document, is_age_unknown = false, is_due_date_derived = false,
    is_current = true
from (
    select item.open_item_id, balance.* exclude (open_item_id)
    from marts.fct_open_item as item
    left join marts.fct_open_item_balance as balance
        on item.open_item_id = balance.open_item_id and balance.known_to = timestamp '9999-12-31'
    qualify row_number() over (partition by item.open_item_id order by balance.effective_from) = 1
) as first
where item.open_item_id = first.open_item_id;

insert into marts.mart_bill (company_code, receipt_id, bill_id, customer_id, method, acceptor, acceptor_kind, received_on,
    maturity_date, currency, amount_document, bill_state, days_to_maturity, is_exposure)
values ('DE01', 'RCP-6200', 'BA-1', 'K200', 'bank_acceptance', 'Nordbank', 'other_bank', '2026-05-15', '2026-11-15', 'EUR',
    20000.00, 'in_hand', 138, true);
insert into marts.mart_credit_exposure (as_of_date, scope, company_code, subject_id, customer_id, name, group_id, member_count,
    currency, trade_debit_reporting, overdue_reporting, unbilled_reporting, bill_held_reporting, bill_transferred_reporting,
    unapplied_cash_reporting, open_credit_reporting, credit_surplus_reporting, contract_asset_reporting,
    late_interest_reporting, exposure_reporting, insured_cover_reporting, uncovered_exposure_reporting, limit_reporting,
    utilisation_rate, credit_state, unconverted_count)
values ('2026-06-30', 'customer', 'DE01', 'DE01|K200', 'K200', 'Nordlicht Handels GmbH', 'DE01|K200', 1, 'CNY', 563555.85,
    563555.85, 0, 156000.00, 0, 93600.00, 0, 0, 0, 0, 625955.85, 100000.00, 525955.85, 500000.00, 1.251912, 'over_limit', 0);
insert into marts.mart_credit_exposure_history (scope, company_code, subject_id, customer_id, effective_from, effective_to,
    exposure_reporting, limit_reporting)
values
    ('customer', 'DE01', 'DE01|K200', 'K200', '2025-01-01', '2026-02-01', 500000.00, 800000.00),
    ('customer', 'DE01', 'DE01|K200', 'K200', '2026-02-01', '2026-06-24', 400000.00, 500000.00),
    ('customer', 'DE01', 'DE01|K200', 'K200', '2026-06-24', '9999-12-31', 625955.85, 500000.00);
-- 30,000.00 EUR at 7.8, 151 days after 1 September 2025 and 121 after 1 October
insert into marts.mart_payment_behaviour (as_of_day, company_code, customer_id, party_id, window_name, window_from, currency,
    payment_count, paid_amount_reporting, weighted_days_late, weighted_days_to_pay, median_days_late, p90_days_late,
    late_share_by_amount, part_paid_share, last_calendar_days_share, is_month_end_payer, dispute_count,
    disputed_amount_reporting, disputed_share)
values
    ('2026-06-30', 'DE01', 'K200', 'DE01|K200', '12_months', '2025-07-01', 'CNY', 1, 234000.00, 121, 151, 121, 121, 1, null, 0,
        null, 0, 0, 0),
    ('2026-05-31', 'DE01', 'K200', 'DE01|K200', '12_months', '2025-06-01', 'CNY', 1, 234000.00, 100, 130, 100, 100, 1, null, 0,
        null, 0, 0, 0);
insert into marts.mart_delay_decomposition (as_of_date, company_code, customer_id, basis, window_name, window_from, currency,
    payment_count, paid_amount_reporting, billing_lag_amount_days, terms_amount_days, late_amount_days,
    bill_term_amount_days, application_lag_amount_days, delivery_unknown_count)
values
    ('2026-06-30', 'DE01', 'K200', 'payment_date', 'last_12_months', '2025-07-01', 'CNY', 1, 234000.00, 0, 7020000.00,
        28314000.00, 0, 468000.00, 1),
    ('2026-06-30', 'DE01', 'K100', 'payment_date', 'last_12_months', '2025-07-01', 'CNY', 1, 100000.00, 0, 3000000.00,
        1000000.00, 0, 0, 0),
    ('2026-06-30', 'DE01', 'K300', 'payment_date', 'last_12_months', '2025-07-01', 'CNY', 1, 300000.00, 0, 9000000.00,
        15000000.00, 0, 0, 0);
insert into marts.mart_payment_prediction (as_of_date, open_item_id, company_code, customer_id, document_id, instalment_no,
    currency, due_date, open_amount_document, open_amount_reporting, pay_date_p10, pay_date_p50, pay_date_p90, reasons_zh,
    reasons_en)
values
    ('2026-06-30', 'DE01|D|RE-6001|1', 'DE01', 'K200', 'RE-6001', 1, 'EUR', '2025-10-01', 43400.00, 338520.00, '2026-07-05',
        '2026-07-20', '2026-09-01', '已逾期272天。付款一向较慢。', '272 days overdue already: 1.5 times its usual. Always slow.'),
    ('2026-06-30', 'DE01|D|RE-6002|1', 'DE01', 'K200', 'RE-6002', 1, 'EUR', '2026-06-24', 28850.75, 225035.85, '2026-07-02',
        '2026-07-10', '2026-08-01', '付款一向较慢。', 'Always slow.');
insert into marts.mart_promise (company_code, promise_id, customer_id, document_id, kind, made_on, promised_date, currency,
    promised_amount_document, status)
values
    ('DE01', 'PR-61', 'K200', 'RE-6001', 'promise', '2026-06-20', '2026-07-15', 'EUR', 43400.00, 'open'),
    ('DE01', 'PR-60', 'K200', 'RE-6001', 'promise', '2026-03-01', '2026-04-15', 'EUR', 43400.00, 'broken');
insert into marts.mart_promise_customer (company_code, customer_id, promise_window, fallen_due_count, kept_count,
    kept_rate_by_count)
values ('DE01', 'K200', '12_months', 1, 0, 0);
insert into marts.mart_dispute (company_code, dispute_id, document_id, customer_id, reason, opened_on, closed_on, is_open,
    currency, stated_amount_document, contested_amount_document, outcome)
values ('DE01', 'DSP-60', 'RE-6001', 'K200', 'price', '2025-11-01', '2025-12-01', false, 'EUR', 5000.00, 5000.00, 'withdrawn');
insert into marts.mart_credit_rating (as_of_day, company_code, customer_id, party_id, party_name, is_current, points,
    weight_present, component_count, score, grade, previous_grade, change, reason_zh, reason_en, currency)
values
    ('2026-05-31', 'DE01', 'K200', 'DE01|K200', 'Nordlicht', false, 30, 50, 2, 60, 'C', null, 'first', '得分60.0', 'score 60.0', 'CNY'),
    ('2026-06-30', 'DE01', 'K200', 'DE01|K200', 'Nordlicht', true, 20, 50, 2, 40, 'D', 'C', 'down', '得分40.0', 'score 40.0', 'CNY');
insert into marts.mart_credit_rating_component (as_of_day, party_id, component_no, component, label_zh, label_en, weight,
    raw_value, points, points_before, reason_when_missing, source_model, source_key, data_of, data_age_days)
values
    ('2026-06-30', 'DE01|K200', 1, 'payment_history', '付款记录', 'payment history', 30, 121, 12, 20, null,
        'mart_payment_behaviour', 'DE01|K200|12_months', '2026-06-30', 0),
    ('2026-06-30', 'DE01|K200', 4, 'utilisation', '额度占用', 'utilisation', 10, 1.25, 0, 5, null,
        'mart_credit_exposure_history', 'DE01|K200', '2026-06-24', 6),
    ('2026-06-30', 'DE01|K200', 5, 'accounts', '财务报表', 'financial statements', 15, null, null, null, 'no_accounts',
        'stg_landing__financial_statement', null, null, null);
insert into marts.mart_credit_recommendation (as_of_date, party_id, company_code, customer_id, grade, review_due_on,
    recommended_terms_days, recommended_terms_zh, recommended_terms_en, recommended_limit_reporting)
values ('2026-06-30', 'DE01|K200', 'DE01', 'K200', 'D', '2026-05-31', 15, '15天', '15 days', 300000.00);
insert into marts.mart_credit_exception (as_of_date, kind, party_id, company_code, customer_id, document_id, grade, raised_by,
    raised_on, is_approved, allowed_days, actual_days, exposure_reporting)
values ('2026-06-30', 'terms', 'DE01|K200', 'DE01', 'K200', 'RE-6002', 'D', 'T. Vogel', '2026-05-25', false, 15, 30, 225035.85);
insert into marts.mart_risk_warning (episode_id, rule_id, rule_name_zh, rule_name_en, scope, party_id, company_code,
    customer_id, open_item_id, document_id, first_seen_on, is_open, severity, worst_severity, owner_name, react_by,
    acknowledged_on, acknowledged_by, message_zh, message_en, action_zh, action_en)
values
    ('E01|DE01|K200', 'E01', '超额度', 'over the limit', 'customer', 'DE01|K200', 'DE01', 'K200', null, null, '2026-06-24', true,
        'severe', 'severe', 'A. Weber', '2026-07-02', '2026-06-26', 'A. Weber', '敞口62.6万/额度50.0万。',
        'Exposure 626.0k of limit 500.0k.', '停止供货', 'release no more orders'),
    ('D02|RE-6001', 'D02', '保险报损期限', 'insurer''s deadline', 'item', 'DE01|K200', 'DE01', 'K200', 'DE01|D|RE-6001|1',
        'RE-6001', '2026-06-20', true, 'warning', 'warning', null, '2026-07-03', null, null, '投保账款应于2026-07-04前报损。',
        'Insured 338.5k must be notified by 2026-07-04.', '报损', 'notify the insurer');
insert into marts.mart_risk_warning_value (episode_id, moment, day, name, unit, value_date)
values ('D02|RE-6001', 'latest', '2026-06-30', 'insurer_deadline', 'date', '2026-07-04');
insert into marts.mart_limitation (company_code, customer_id, document_id, last_restart_date, last_restart_kind,
    claim_amount_reporting)
values ('DE01', 'K200', 'RE-6001', '2026-03-10', 'demand', 338520.00);
insert into marts.mart_limitation_customer (as_of_date, company_code, customer_id, claim_count, claim_amount_reporting,
    ending_in_90_days_amount_reporting, expired_count, expired_amount_reporting, next_deadline_date)
values ('2026-06-30', 'DE01', 'K200', 2, 563555.85, 0, 0, 0, '2028-12-31');
insert into marts.mart_late_interest_customer (as_of_date, company_code, customer_id, currency, item_count,
    uncomputed_item_count, interest_reporting)
values ('2026-06-30', 'DE01', 'K200', 'EUR', 2, 0, 25000.00);
-- 563,555.85 less the unapplied 93,600.00
insert into marts.mart_net_overdue_history (party_id, knowledge, effective_from, effective_to, net_overdue_0_reporting)
values ('DE01|K200', 'now', '2026-06-24', '9999-12-31', 469955.85);
