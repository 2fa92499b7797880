create table marts.mart_bill (
    as_of_date date, company_code varchar, receipt_id varchar, bill_id varchar, receipt_count bigint,
    bill_amount_document decimal(18, 2), customer_id varchar, method varchar, acceptor varchar, acceptor_kind varchar,
    is_major_bank boolean, received_on date, maturity_date date, tenor_days bigint, currency varchar, amount_document
    decimal(18, 2), amount_reporting decimal(18, 2), bill_state varchar, bill_state_zh varchar, state_count bigint,
    came_back_on date, matured_without_outcome_amount_document decimal(18, 2), in_hand_amount_document decimal(18, 2),
    pledged_amount_document decimal(18, 2), endorsed_with_recourse_amount_document decimal(18, 2),
    discounted_with_recourse_amount_document decimal(18, 2), dishonoured_amount_document decimal(18, 2),
    returned_amount_document decimal(18, 2), honoured_amount_document decimal(18, 2), recourse_ended_amount_document
    decimal(18, 2), endorsed_without_recourse_amount_document decimal(18, 2),
    discounted_without_recourse_amount_document decimal(18, 2), held_amount_document decimal(18, 2),
    held_amount_reporting decimal(18, 2), passed_on_amount_document decimal(18, 2), passed_on_amount_reporting
    decimal(18, 2), back_amount_document decimal(18, 2), back_amount_reporting decimal(18, 2), is_exposure boolean,
    days_to_maturity bigint, days_past_maturity bigint, original_due_date date, age_anchor_date date,
    days_past_original_due bigint, age_days bigint, bucket_cas_annual varchar, settled_document_count bigint,
    is_bill_allowed boolean, contract_longest_days bigint, is_too_long_by_contract boolean, is_too_long_by_law
    boolean, is_intragroup boolean, is_unconverted boolean, policy_version varchar, _load_id bigint, _row bigint
);
