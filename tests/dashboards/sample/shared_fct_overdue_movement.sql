create table marts.fct_overdue_movement (
    open_item_id varchar, company_code varchar, customer_id varchar, currency varchar, due_date_basis varchar,
    day date, line varchar, amount_document decimal(18, 2), amount_functional decimal(18, 2)
);
