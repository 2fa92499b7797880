-- Bank page: an account with a day missing, a statement that does not add up and one delivered twice; one that is sound;
-- lines that a receipt explains on the day, nearby, by a bill, and not at all.
create table marts.mart_bank_statement (
    company_code varchar, account varchar, statement_id varchar, currency varchar, opening_date date,
    opening_balance_document decimal(18, 2), line_count bigint, line_total_document decimal(18, 2), pending_count integer,
    closing_date date, closing_balance_document decimal(18, 2), difference_document decimal(18, 2), proof varchar,
    previous_statement_id varchar, gap_document decimal(18, 2), continuity varchar, known_from timestamp, _source varchar,
    _load_id bigint, _file varchar, _row bigint
);
insert into marts.mart_bank_statement values
    -- 1000 + 300 = 1300 on 20 June
    ('CN01', '6222-01', 'S1', 'CNY', '2026-06-19', 1000.00, 2, 300.00, null, '2026-06-20', 1300.00, 0.00, 'proved', null, null, 'first', '2026-06-21', 'bank', 4, 'stmt.csv', 1),
    -- the 21st is missing; opens 50 above the closing before
    ('CN01', '6222-01', 'S2', 'CNY', '2026-06-21', 1350.00, 2, 500.00, null, '2026-06-22', 1850.00, 0.00, 'proved', 'S1', 50.00, 'gap', '2026-06-23', 'bank', 4, 'stmt.csv', 2),
    -- 1850 + 200 is not 2060
    ('CN01', '6222-01', 'S3', 'CNY', '2026-06-22', 1850.00, 2, 200.00, 1, '2026-06-23', 2060.00, 10.00, 'not_proved', 'S2', 0.00, 'continues', '2026-06-24', 'bank', 4, 'stmt.csv', 3),
    -- the 24th to the 27th, and the 26th to the 28th: two days twice
    ('CN01', '6222-01', 'S4', 'CNY', '2026-06-23', 2060.00, 0, 0.00, null, '2026-06-27', 2060.00, 0.00, 'proved', 'S3', 0.00, 'continues', '2026-06-28', 'bank', 4, 'stmt.csv', 4),
    ('CN01', '6222-01', 'S5', 'CNY', '2026-06-25', 2055.00, 0, 0.00, null, '2026-06-28', 2055.00, 0.00, 'proved', 'S4', -5.00, 'overlaps', '2026-06-28', 'bank', 4, 'stmt.csv', 5),
    ('DE01', 'DE44-02', 'E1', 'EUR', '2026-06-28', 500.00, 1, 12000.00, null, '2026-06-30', 12500.00, 0.00, 'proved', null, null, 'first', '2026-07-01', 'bank', 4, 'camt.xml', 1);
create table marts.fct_bank_transaction (
    company_code varchar, account varchar, statement_id varchar, booking_date date, value_date date, currency varchar,
    amount_document decimal(18, 2), counterparty_name varchar, counterparty_account varchar, remittance_text varchar,
    bank_reference varchar, end_to_end_id varchar, transaction_code varchar, known_from timestamp, _source varchar,
    _load_id bigint, _file varchar, _row bigint
);
insert into marts.fct_bank_transaction values
    -- two of 100 on one day, and one receipt: the second is not explained
    ('CN01', '6222-01', 'S1', '2026-06-20', '2026-06-20', 'CNY', 100.00, '上海远景建设工程有限公司', null, '货款 INV-1001', 'B1', null, 'CRT', '2026-06-21', 'bank', 4, 'lines.csv', 1),
    ('CN01', '6222-01', 'S1', '2026-06-20', '2026-06-20', 'CNY', 100.00, '上海远景建设工程有限公司', null, '货款', 'B2', null, 'CRT', '2026-06-21', 'bank', 4, 'lines.csv', 2),
    ('CN01', '6222-01', 'S1', '2026-06-20', '2026-06-20', 'CNY', 100.00, '=SUM(A1)', null, '货款', 'B3', null, 'CRT', '2026-06-21', 'bank', 4, 'lines.csv', 3),
    -- booked three days after it came
    ('CN01', '6222-01', 'S2', '2026-06-22', '2026-06-22', 'CNY', 520.00, 'Guangdong Brightline Retail', null, 'INV-2001', 'B4', null, 'CRT', '2026-06-23', 'bank', 4, 'lines.csv', 4),
    ('CN01', '6222-01', 'S2', '2026-06-22', '2026-06-22', 'CNY', -20.00, null, null, '手续费', 'B5', null, 'CHG', '2026-06-23', 'bank', 4, 'lines.csv', 5),
    -- a bill that was paid
    ('CN01', '6222-01', 'S3', '2026-06-23', '2026-06-23', 'CNY', 170.00, '苏州银行', null, '票据托收', 'B6', null, 'CRT', '2026-06-24', 'bank', 4, 'lines.csv', 6),
    -- the same amount eight days away is another payment
    ('CN01', '6222-01', 'S3', '2026-06-23', '2026-06-23', 'CNY', 30.00, '不明', null, null, 'B7', null, 'CRT', '2026-06-24', 'bank', 4, 'lines.csv', 7),
    ('DE01', 'DE44-02', 'E1', '2026-06-29', '2026-06-29', 'EUR', 12000.00, 'Nordlicht Handels GmbH', null, 'RE-6001', 'E-1', null, 'CRT', '2026-07-01', 'bank', 4, 'camt.xml', 1);
alter table marts.fct_receipt add column if not exists cleared_on date;
alter table marts.fct_receipt add column if not exists bank_account varchar;
update marts.fct_receipt set bank_account = 'DE44-02' where receipt_id = 'RCP-6100';
insert into marts.fct_receipt by name
select 'CN01' as company_code, receipt_id, customer_id, cast(day as date) as receipt_date, 'CNY' as currency,
    cast(amount as decimal(18, 2)) as amount_document, 'transfer' as method, 'cleared' as status, 'erp' as _source,
    2 as _load_id, 'receipt.csv' as _file, number as _row, '6222-01' as bank_account
from (values
    ('RCP-B1', 'C001', '2026-06-20', 100.00, 901), ('RCP-B2', 'C001', '2026-06-20', 100.00, 902),
    ('RCP-B4', 'C002', '2026-06-19', 520.00, 903), ('RCP-B7', 'C002', '2026-07-01', 30.00, 904)
) as receipt(receipt_id, customer_id, day, amount, number);
