-- What the provision page reads; worked by hand in test_provision.py.
insert into marts.mart_expected_credit_loss (as_of_date, company_code, component, segment_no, segment, rate_segment,
    method, presentation, aging, bucket, is_beside, functional_currency, rate_source, default_probability,
    loss_given_default, loss_rate, forward_factor, rate, cover_rate, item_count, unconverted_count, overlay_reason,
    approved_by, expires_on, policy_version, open_amount_functional, absorbed_functional, exposure_functional,
    covered_functional, uncovered_functional, covered_base_functional, uncovered_base_functional,
    covered_loss_functional, uncovered_loss_functional, overlay_functional, expected_credit_loss_functional,
    open_amount_reporting, absorbed_reporting, exposure_reporting, covered_reporting, uncovered_reporting,
    covered_base_reporting, uncovered_base_reporting, covered_loss_reporting, uncovered_loss_reporting,
    overlay_reporting, expected_credit_loss_reporting)
select
    date '2026-06-30', company_code, component, segment_no, segment, segment, method, 'credit', aging, bucket,
    is_beside, if(company_code = 'DE01', 'EUR', 'CNY'), rate_source, null, null, rate, 1.0, rate, 0.001, items, 0,
    if(component = 'overlay', 'flood', null), if(component = 'overlay', 'CFO', null),
    if(component = 'overlay', date '2026-12-31', null), 'default-1',
    exposure, 0, exposure, covered, exposure - covered, covered, exposure - covered, covered * 0.001,
    (exposure - covered) * rate, overlay, covered * 0.001 + (exposure - covered) * rate + overlay,
    exposure * fx, 0, exposure * fx, covered * fx, (exposure - covered) * fx, covered * fx, (exposure - covered) * fx,
    covered * 0.001 * fx, (exposure - covered) * rate * fx, overlay * fx,
    (covered * 0.001 + (exposure - covered) * rate + overlay) * fx
from (values
    ('CN01', 'matrix', 11, 'retail_chain', 'matrix', 'standard', 'not_due', false, 'own', 1000000.00, 0.00, 0.01, 0.00, 2, 1.0),
    ('CN01', 'matrix', 11, 'retail_chain', 'matrix', 'standard', 'd1_30', false, 'own', 500000.00, 100000.00, 0.05, 0.00, 1, 1.0),
    ('CN01', 'overlay', 11, 'retail_chain', 'overlay', '*', '*', false, 'overlay', 0.00, 0.00, 0.00, 5000.00, 0, 1.0),
    ('CN01', 'matrix', 11, 'retail_chain', 'matrix', 'cas_annual', 'm0_12', true, 'fallback', 1500000.00, 0.00, 0.02, 0.00, 3, 1.0),
    ('CN01', 'matrix', 1, 'individual', 'individual', 'standard', 'd181_360', false, 'full', 796000.00, 0.00, 1.00, 0.00, 1, 1.0),
    ('CN01', 'matrix', 2, 'intragroup', 'eliminated', 'standard', 'd1_30', false, 'eliminated', 500000.00, 0.00, 0.00, 0.00, 1, 1.0),
    ('DE01', 'matrix', 10, 'export_uninsured', 'matrix', 'standard', 'not_due', false, 'pooled', 100000.00, 0.00, 0.02, 0.00, 1, 7.8)
) as line (company_code, component, segment_no, segment, method, aging, bucket, is_beside, rate_source, exposure,
    covered, rate, overlay, items, fx);

insert into marts.mart_expected_credit_loss_item (as_of_date, open_item_id, company_code, customer_id, document_id,
    receivable_class, currency, open_amount_document, segment_no, segment, rate_segment, method, aging, bucket,
    rate_source, rate, cover_rate, exposure_functional, covered_functional, uncovered_base_functional,
    expected_credit_loss_functional, exposure_reporting, covered_reporting, uncovered_base_reporting,
    expected_credit_loss_reporting, is_unconverted)
select
    date '2026-06-30', 'CN01|D|' || document_id || '|1', 'CN01', customer_id, document_id, 'trade', 'CNY', exposure, 11,
    'retail_chain', 'retail_chain', 'matrix', 'standard', bucket, 'own', rate, 0.001, exposure, 0, exposure,
    exposure * rate, exposure, 0, exposure, exposure * rate, false
from (values
    ('C002', 'INV-2003', 'not_due', 600000.00, 0.01),
    ('C004', 'INV-4002', 'not_due', 400000.00, 0.01),
    ('C002', 'INV-2002', 'd1_30', 400000.00, 0.05)
) as item (customer_id, document_id, bucket, exposure, rate);

insert into marts.mart_credit_loss_rate (as_of_date, company_code, segment_no, segment, segment_label_zh,
    segment_label_en, rate_segment, aging, bucket, bucket_no, fine_bucket, fine_bucket_no, rate_source, reason_not_own,
    reason_not_pooled, pair_count, item_count, default_pair_count, roll_rate, default_probability, loss_given_default,
    loss_given_default_source, recovery_item_count, own_loss_rate, pooled_loss_rate, fallback_loss_rate,
    fallback_multiple, fine_loss_rate, weight_reporting, loss_rate, forward_factor, rate, policy_version)
values
    ('2026-06-30', 'CN01', 11, 'retail_chain', '商超', 'retail chains', 'retail_chain', 'standard', 'not_due', 1,
        'not_due', 1, 'own', null, null, 36, 900, 12, 0.20, 0.02, 0.45, 'policy', 0, 0.01, 0.012, 0.004, 0.8, 0.01,
        1000000.00, 0.01, 1.0, 0.01, 'default-1'),
    ('2026-06-30', 'CN01', 11, 'retail_chain', '商超', 'retail chains', 'retail_chain', 'standard', 'd1_30', 2,
        '1-30', 2, 'own', null, null, 36, 900, 12, 0.10, 0.11, 0.45, 'policy', 0, 0.05, 0.04, 0.016, 0.8, 0.05,
        400000.00, 0.05, 1.0, 0.05, 'default-1'),
    ('2026-06-30', 'DE01', 10, 'export_uninsured', '境外未投保', 'export, uninsured', 'export_uninsured', 'standard',
        'not_due', 1, 'not_due', 1, 'pooled', 'too_few_items', null, 36, 40, 8, 0.20, 0.04, 0.45, 'policy', 0, null,
        0.02, 0.006, 1.2, 0.02, 780000.00, 0.02, 1.0, 0.02, 'default-1');

insert into marts.mart_credit_loss_sensitivity
select
    date '2026-06-30', company_code, segment_no, segment, sensitivity, exposure, (loss + change) / fx, change / fx,
    loss + change, change
from (values
    ('CN01', 1, 'individual', 796000.00, 796000.00, 0.00, 1.0),
    ('CN01', 2, 'intragroup', 500000.00, 0.00, 0.00, 1.0),
    ('CN01', 11, 'retail_chain', 1500000.00, 35100.00, 3000.00, 1.0),
    ('DE01', 10, 'export_uninsured', 780000.00, 15600.00, 1560.00, 7.8)
) as line (company_code, segment_no, segment, exposure, loss, step, fx)
cross join lateral (values
    ('base', 0.00), ('factor_up', line.step), ('factor_down', -line.step), ('one_bucket_later', 3 * line.step)
) as shift (sensitivity, change);

insert into marts.mart_individual_assessment
values (
    '2026-06-30', 'CN01', 'C003', '=HYPERLINK("x")电子厂', 'default', '2026-04-01', 'overdue', 'domestic_other', false,
    null, null, null, null, 1.0, 796000.00, 0.00, 796000.00, 796000.00, 796000.00, 0.00, 796000.00, 796000.00, 1
);

-- 580 + 120 - 30 - 200 + 50 = 520 thousand booked; 831.1 expected
insert into marts.mart_allowance_roll_forward
values
    ('CN01', 1, 'booked', '2025-12-31', '2026-05-31', 'CNY', 580000, 120000, 30000, 200000, 50000, 520000,
        580000, 120000, 30000, 200000, 50000, 0, 520000, null),
    ('CN01', 2, 'proposed', '2026-05-31', '2026-06-30', 'CNY', 520000, 311100, 0, 0, 0, 831100,
        520000, 311100, 0, 0, 0, 0, 831100, null),
    ('DE01', 1, 'proposed', null, '2026-06-30', 'EUR', null, null, null, 0, 0, 2000,
        null, null, null, 0, 0, null, 15600, 'not_delivered');

insert into marts.mart_credit_loss_backtest (as_of_date, months_back, valuation_date, level, company_code, segment_no,
    segment, method, aging, bucket, currency, gross_reporting, expected_loss_reporting, written_off_reporting,
    realised_loss_reporting, expected_in_default_reporting, expected_younger_reporting, outcome_loss_reporting,
    new_business_loss_reporting, item_count, open_in_default_reporting, open_younger_reporting, diluted_reporting,
    set_off_reporting, paid_reporting, other_reporting)
values
    ('2026-06-30', 12, '2025-06-30', 'segment', 'CN01', 11, 'retail_chain', '*', '*', '*', 'CNY', 2000000, 20000, 25000,
        25000, 4000, 1000, 30000, 0, 40, 0, 0, 0, 0, 1975000, 0),
    ('2026-06-30', 12, '2025-06-30', 'segment', 'CN01', 1, 'individual', '*', '*', '*', 'CNY', 900000, 700000, 100000,
        100000, 0, 0, 100000, 0, 3, 0, 0, 0, 0, 800000, 0),
    ('2026-06-30', 12, '2025-06-30', 'bucket', 'CN01', 11, 'retail_chain', 'matrix', 'standard', 'not_due', 'CNY',
        2000000, 20000, 25000, 25000, 4000, 1000, 30000, 0, 40, 0, 0, 0, 0, 1975000, 0);

insert into marts.mart_write_off_vintage
values
    ('CN01', '2025-04-01', 14, 'CNY', 10000000, 250000, 50000, 200000, 0.02, null, '2026-05-20'),
    ('CN01', '2026-04-01', 2, 'CNY', 8000000, 0, 0, 0, 0.0, null, null);
