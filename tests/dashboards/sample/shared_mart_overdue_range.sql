create table marts.mart_overdue_range (
    as_of_date date, dimension varchar, dimension_value varchar, currency varchar, case_name varchar, line_no integer,
    line varchar, amount_document decimal(18, 2), amount_reporting decimal(18, 2), unconverted_count bigint
);
