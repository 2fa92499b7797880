create schema marts;

create table marts.dim_release (
    release_id varchar, as_of_date date, known_at timestamp,
    reporting_currency varchar, code_version varchar, policy_hash varchar
);
create table marts.dim_release_load (
    release_id varchar, load_id bigint, source varchar, entity varchar, extracted_at timestamp, known_at timestamp,
    business_date date, is_required boolean, rows_read bigint, rows_landed bigint, rows_rejected bigint,
    amount_rejected decimal(18, 2)
);
insert into marts.dim_release_load values
    ('r0123', 1, 'erp', 'document', '2026-06-30 15:10:00', '2026-06-30 15:10:00', '2026-06-30', true, 25, 24, 1, 35200.00),
    ('r0123', 2, 'erp', 'receipt', '2026-06-30 15:10:00', '2026-06-30 15:10:00', '2026-06-30', true, 2, 2, 0, 0.00),
    ('r0123', 3, 'erp', 'allocation', '2026-06-30 15:10:00', '2026-06-30 15:10:00', '2026-06-30', true, 9, 9, 0, 0.00),
    ('r0123', 5, 'erp', 'instalment', '2026-06-30 15:10:00', '2026-06-30 15:10:00', '2026-06-30', true, 1, 1, 0, 0.00),
    ('r0123', 6, 'erp', 'dispute', '2026-06-30 15:10:00', '2026-06-30 15:10:00', '2026-06-30', true, 2, 2, 0, 0.00),
    ('r0123', 7, 'erp', 'promise', '2026-06-30 15:10:00', '2026-06-30 15:10:00', '2026-06-30', true, 5, 5, 0, 0.00),
    ('r0123', 4, 'bank', 'bank_transaction', '2026-06-29 22:00:00', '2026-06-29 22:00:00', '2026-06-29', false, 40, 40, 0, 0.00);
create table marts.dim_release_gate (
    gate varchar, severity varchar, default_severity varchar, is_lowered boolean, status varchar,
    failing_row_count bigint
);
insert into marts.dim_release_gate values
    ('front_door', 'error', 'error', false, 'passed', 0),
    ('unique_key', 'error', 'error', false, 'passed', 0),
    ('bucket_sum', 'error', 'error', false, 'passed', 0),
    ('gl_tie_out', 'warn', 'error', true, 'passed', 0),
    ('orphan_allocation', 'warn', 'warn', false, 'failed', 2);
create table marts.dim_company (
    company_code varchar, name varchar, functional_currency varchar, time_zone varchar, country varchar,
    borrowing_rate decimal(28, 12)
);
insert into marts.dim_company values
    ('CN01', '示例(上海)有限公司', 'CNY', 'Asia/Shanghai', 'CN', null),
    ('DE01', 'Muster Deutschland GmbH', 'EUR', 'Europe/Berlin', 'DE', null);
create table marts.dim_customer (
    company_code varchar, customer_id varchar, name varchar, deal_nature varchar, related_party varchar,
    status varchar, collector varchar, sales_owner varchar, region varchar, is_intragroup boolean,
    party_id varchar
);
create table marts.dim_aging_bucket (
    scheme varchar, scheme_label_zh varchar, scheme_label_en varchar, basis varchar, unit varchar, bucket varchar,
    bucket_no integer, lower_bound integer, upper_bound integer, label_zh varchar, label_en varchar
);
insert into marts.dim_aging_bucket
select scheme, zh, en, basis, unit, bucket, bucket_no, lower_bound, upper_bound, label_zh, label_en
from (values
    ('standard', '标准', 'Standard', 'due_date', 'day', 'not_due', 1, null, 0, '未到期', 'Not due'),
    ('standard', '标准', 'Standard', 'due_date', 'day', 'd1_30', 2, 1, 30, '1–30天', '1-30 days'),
    ('standard', '标准', 'Standard', 'due_date', 'day', 'd31_60', 3, 31, 60, '31–60天', '31-60 days'),
    ('standard', '标准', 'Standard', 'due_date', 'day', 'd61_90', 4, 61, 90, '61–90天', '61-90 days'),
    ('standard', '标准', 'Standard', 'due_date', 'day', 'd91_180', 5, 91, 180, '91–180天', '91-180 days'),
    ('standard', '标准', 'Standard', 'due_date', 'day', 'd181_360', 6, 181, 360, '181–360天', '181-360 days'),
    ('standard', '标准', 'Standard', 'due_date', 'day', 'over_360', 7, 361, null, '360天以上', 'Over 360 days'),
    ('standard', '标准', 'Standard', 'due_date', 'day', 'unapplied', 8, null, null, '未核销', 'Unapplied'),
    ('cas_annual', '账龄(年)', 'Years (CAS)', 'document_date', 'month', 'm0_12', 1, null, 12, '一年以内(含一年)', 'Up to 1 year'),
    ('cas_annual', '账龄(年)', 'Years (CAS)', 'document_date', 'month', 'm13_24', 2, 13, 24, '一至二年', '1-2 years'),
    ('cas_annual', '账龄(年)', 'Years (CAS)', 'document_date', 'month', 'm25_36', 3, 25, 36, '二至三年', '2-3 years'),
    ('cas_annual', '账龄(年)', 'Years (CAS)', 'document_date', 'month', 'over_36', 4, 37, null, '三年以上', 'Over 3 years'),
    ('cas_annual', '账龄(年)', 'Years (CAS)', 'document_date', 'month', 'unapplied', 5, null, null, '未核销', 'Unapplied'),
    ('coming_due', '未来到期', 'Coming due', 'due_date', 'day', 'overdue', 1, 1, null, '已逾期', 'Overdue'),
    ('coming_due', '未来到期', 'Coming due', 'due_date', 'day', 'in_0_7', 2, -7, 0, '0–7天内', 'In 0-7 days'),
    ('coming_due', '未来到期', 'Coming due', 'due_date', 'day', 'in_8_30', 3, -30, -8, '8–30天内', 'In 8-30 days'),
    ('coming_due', '未来到期', 'Coming due', 'due_date', 'day', 'in_31_90', 4, -90, -31, '31–90天内', 'In 31-90 days'),
    ('coming_due', '未来到期', 'Coming due', 'due_date', 'day', 'after_90', 5, null, -91, '90天后', 'After 90 days'),
    ('coming_due', '未来到期', 'Coming due', 'due_date', 'day', 'unapplied', 6, null, null, '未核销', 'Unapplied')
) as scheme(scheme, zh, en, basis, unit, bucket, bucket_no, lower_bound, upper_bound, label_zh, label_en);

create table marts.fct_open_item_balance (
    open_item_id varchar, company_code varchar, customer_id varchar, item_kind varchar, receivable_class varchar,
    document_id varchar, instalment_no integer, currency varchar, document_date date, posting_date date, due_date date,
    original_due_date date, agreed_due_date date, age_anchor_date date, control_account varchar, effective_from date, effective_to date,
    known_from timestamp, known_to timestamp, open_amount_document decimal(18, 2),
    open_amount_functional decimal(18, 2), is_unconverted boolean
);
create table marts.fct_receivable_movement (
    movement_id varchar, open_item_id varchar, company_code varchar, customer_id varchar, effective_date date,
    movement_kind varchar, currency varchar, amount_document decimal(18, 2), amount_functional decimal(18, 2),
    allocation_id varchar, counterpart_open_item_id varchar, is_inferred boolean, known_from timestamp,
    known_to timestamp, receivable_class varchar, _load_id bigint, _row bigint
);
create table marts.fct_document (
    company_code varchar, document_id varchar, document_type varchar, customer_id varchar, document_date date,
    due_date date, currency varchar, amount_document decimal(18, 2), payment_terms varchar, _source varchar, _load_id bigint, _file varchar,
    _row bigint
);
create table marts.fct_instalment (
    company_code varchar, document_id varchar, instalment_no integer, due_date date, amount_document decimal(18, 2),
    kind varchar, unconditional_on date, known_from timestamp, _source varchar, _load_id bigint, _file varchar, _row bigint
);
create table marts.fct_dispute (
    company_code varchar, dispute_id varchar, document_id varchar, instalment_no integer, opened_on date, closed_on date,
    reason varchar, currency varchar, amount_document decimal(18, 2), status varchar, owner varchar, known_from timestamp,
    _source varchar, _load_id bigint, _file varchar, _row bigint
);
insert into marts.fct_dispute values
    ('CN01', 'DSP-1', 'INV-1003', null, '2026-05-20', null, '质量问题', 'CNY', 250000.00, 'open', '李文博', '2026-05-21', 'erp', 6, 'dispute.csv', 1),
    ('CN01', 'DSP-2', 'INV-2001', 1, '2026-05-10', '2026-05-20', 'price', 'CNY', 1000.00, 'resolved', '何俊', '2026-05-21', 'erp', 6, 'dispute.csv', 2);
create table marts.fct_promise (
    company_code varchar, promise_id varchar, customer_id varchar, document_id varchar, instalment_no integer, made_on date,
    promised_date date, currency varchar, amount_document decimal(18, 2), kind varchar, approved_by varchar,
    approved_on date, cancelled_on date, known_from timestamp, _source varchar, _load_id bigint, _file varchar, _row bigint
);
insert into marts.fct_promise values
    ('CN01', 'PR-1', 'C001', 'INV-1003', null, '2026-05-02', '2026-07-15', 'CNY', 1920000.00, 'extension', '陈立群', '2026-05-03', null, '2026-05-04', 'erp', 7, 'promise.csv', 1),
    ('CN01', 'PR-2', 'C001', null, null, '2026-06-20', '2026-07-10', 'CNY', 500000.00, null, null, null, null, '2026-06-21', 'erp', 7, 'promise.csv', 2),
    ('CN01', 'PR-3', 'C001', 'INV-1002', null, '2026-06-20', '2026-07-01', 'CNY', 500000.00, 'promise', null, null, null, '2026-06-21', 'erp', 7, 'promise.csv', 3),
    ('CN01', 'PR-4', 'C002', 'INV-2001', 1, '2026-06-20', '2026-07-02', 'CNY', 5000.00, 'plan', null, null, '2026-06-28', '2026-06-21', 'erp', 7, 'promise.csv', 4),
    ('CN01', 'PR-5', 'C002', 'INV-2001', 1, '2026-06-21', '2026-07-05', 'CNY', 5000.00, 'promise', null, null, null, '2026-06-22', 'erp', 7, 'promise.csv', 5);
create table marts.fct_open_item (
    open_item_id varchar, company_code varchar, customer_id varchar, item_kind varchar, document_id varchar,
    posting_date date, receivable_class varchar
);
create table marts.fct_receipt (
    company_code varchar, receipt_id varchar, customer_id varchar, receipt_date date, currency varchar,
    amount_document decimal(18, 2), method varchar, status varchar, _source varchar, _load_id bigint, _file varchar, _row bigint
);
create table marts.fct_allocation (
    company_code varchar, allocation_id varchar, from_kind varchar, from_id varchar, to_kind varchar, to_id varchar,
    allocated_on date, amount_document decimal(18, 2), _source varchar, _load_id bigint, _file varchar, _row bigint
);
create table marts.mart_data_quality (
    rule varchar, severity varchar, company_code varchar, entity varchar, record_id varchar, detail varchar,
    amount_document decimal(18, 2), currency varchar, _load_id bigint, _row bigint
);
insert into marts.mart_data_quality values
    ('rejected_row', 'warning', 'CN01', 'document', 'document.csv:25', 'not_exact in amount: 35200.005', 35200.00, 'CNY', 1, 25),
    ('over_allocation', 'warning', 'CN01', 'document', 'INV-1001', 'beyond what is open', 1.00, 'CNY', 1, 1);
create temporary table sample_dispute (open_item_id varchar, disputed_amount_document decimal(18, 2));
