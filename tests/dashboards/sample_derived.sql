-- The plainest possible derivation: every day, every item, one comparison each.
create temporary table sample_rate as
select * from (values ('CNY', 1.0), ('EUR', 7.8), ('USD', 7.1)) as rate(currency, rate);

create temporary table sample_item_bucket as
select
    spine.day,
    item.*,
    cast(round(item.open_amount_document * cast(rate.rate as decimal(28, 12)), 2) as decimal(18, 2)) as open_amount_reporting,
    scheme.scheme,
    coalesce(
        case when item.open_amount_document < 0
            or (item.open_amount_document = 0 and item.open_amount_functional < 0) then 'unapplied' end,
        (
            select min(edge.bucket)
            from marts.dim_aging_bucket as edge
            where edge.scheme = scheme.scheme and edge.bucket != 'unapplied'
                and case
                    when edge.unit = 'day' then
                        spine.day - item.due_date between coalesce(edge.lower_bound, -99999) and coalesce(edge.upper_bound, 99999)
                    else
                        (edge.lower_bound is null or spine.day > item.age_anchor_date + to_months(edge.lower_bound - 1))
                        and (edge.upper_bound is null or spine.day <= item.age_anchor_date + to_months(edge.upper_bound))
                    end
        )
    ) as bucket
from (
    select cast(unnest(generate_series(date '2025-05-31', getvariable('as_of_date'), interval 1 day)) as date) as day
) as spine
inner join marts.fct_open_item_balance as item
    on spine.day >= item.effective_from and spine.day < item.effective_to
    and item.known_to = timestamp '9999-12-31'
    and (item.open_amount_document != 0 or item.open_amount_functional != 0)
inner join sample_rate as rate on item.currency = rate.currency
cross join (select distinct scheme from marts.dim_aging_bucket) as scheme
where scheme.scheme = 'standard' or spine.day = getvariable('as_of_date');

-- What credits take off each debit of class trade: undisputed parts first, the oldest due date first.
create temporary table sample_part as
select item.*, part.part_no, part.part_amount
from sample_item_bucket as item
left join sample_dispute as dispute on item.open_item_id = dispute.open_item_id
cross join lateral (
    select 1 as part_no, item.open_amount_document - coalesce(dispute.disputed_amount_document, 0) as part_amount
    union all
    select 2 as part_no, coalesce(dispute.disputed_amount_document, 0) as part_amount
) as part
where item.scheme = 'standard' and item.day = getvariable('as_of_date') and item.receivable_class = 'trade'
    and item.bucket != 'unapplied';

create temporary table sample_absorbed as
select
    part.open_item_id,
    sum(least(part.part_amount, greatest(credit.credit_amount - (
        select coalesce(sum(earlier.part_amount), 0)
        from sample_part as earlier
        where earlier.company_code = part.company_code and earlier.customer_id = part.customer_id
            and earlier.currency = part.currency
            and (earlier.part_no, earlier.due_date, earlier.document_date, earlier.document_id, earlier.instalment_no)
                < (part.part_no, part.due_date, part.document_date, part.document_id, part.instalment_no)
    ), 0))) as absorbed_amount
from sample_part as part
inner join (
    select company_code, customer_id, currency, -sum(open_amount_document) as credit_amount
    from sample_item_bucket
    where scheme = 'standard' and day = getvariable('as_of_date') and receivable_class = 'trade' and bucket = 'unapplied'
    group by all
) as credit using (company_code, customer_id, currency)
group by part.open_item_id;

create table marts.mart_aging as
select
    item.open_item_id, item.company_code, item.customer_id, item.item_kind, item.receivable_class, item.document_id,
    item.instalment_no, item.currency, item.document_date, item.posting_date, item.due_date, item.original_due_date, item.agreed_due_date,
    item.open_amount_document, item.open_amount_functional, item.open_amount_reporting,
    item.day - item.due_date as days_past_due, item.bucket as bucket_standard,
    coalesce(dispute.disputed_amount_document, 0) as disputed_amount_document,
    cast(coalesce(absorbed.absorbed_amount, 0) as decimal(18, 2)) as absorbed_amount_document,
    customer.is_intragroup, false as is_age_unknown, false as is_due_date_derived
from sample_item_bucket as item
inner join marts.dim_customer as customer
    on item.company_code = customer.company_code and item.customer_id = customer.customer_id
left join sample_dispute as dispute on item.open_item_id = dispute.open_item_id
left join sample_absorbed as absorbed on item.open_item_id = absorbed.open_item_id
where item.scheme = 'standard' and item.day = getvariable('as_of_date');

create table marts.mart_overdue_trend as
select
    spine.day, spine.company_code, spine.currency, bucket.scheme, bucket.bucket, spine.deal_nature, spine.is_intragroup,
    cast(coalesce(sum(item.open_amount_document), 0) as decimal(18, 2)) as balance_document,
    cast(coalesce(sum(item.open_amount_functional), 0) as decimal(18, 2)) as balance_functional,
    cast(coalesce(sum(item.open_amount_reporting), 0) as decimal(18, 2)) as balance_reporting,
    cast(0 as bigint) as unconverted_count
from (
    select distinct day.day, scope.company_code, scope.currency, scope.deal_nature, scope.is_intragroup
    from (select distinct day from sample_item_bucket) as day
    cross join (
        select distinct balance.company_code, balance.currency, customer.deal_nature, customer.is_intragroup
        from marts.fct_open_item_balance as balance
        inner join marts.dim_customer as customer
            on balance.company_code = customer.company_code and balance.customer_id = customer.customer_id
    ) as scope
) as spine
inner join marts.dim_aging_bucket as bucket on bucket.scheme = 'standard'
left join (
    select trade.*, customer.deal_nature, customer.is_intragroup
    from sample_item_bucket as trade
    inner join marts.dim_customer as customer
        on trade.company_code = customer.company_code and trade.customer_id = customer.customer_id
    where trade.receivable_class = 'trade' and trade.scheme = 'standard'
) as item
    on spine.day = item.day and spine.company_code = item.company_code and spine.currency = item.currency
    and spine.deal_nature = item.deal_nature and spine.is_intragroup = item.is_intragroup and bucket.bucket = item.bucket
group by all;

create table marts.mart_restatement as
select
    timestamp '2026-05-06 01:00:00' as restated_at, 'CN01' as company_code, 'C003' as customer_id,
    'CN01|D|INV-3001|1' as open_item_id, 'trade' as receivable_class, 'CNY' as currency,
    date '2025-12-01' as effective_date, date '2026-05-05' as closed_through, change_kind, amount as amount_document, amount as amount_functional
from (values
    ('became known', cast(796000.00 as decimal(18, 2))),
    ('was withdrawn', cast(-760000.00 as decimal(18, 2)))
) as change(change_kind, amount);

create table marts.mart_gl_tie_out as
select
    item.company_code, 'trade_control' as account_role, getvariable('as_of_date') as balance_date,
    company.functional_currency as currency,
    cast(sum(item.open_amount_functional) - getvariable('gl_difference') - getvariable('late_postings')
        as decimal(18, 2)) as gl_balance,
    cast(sum(item.open_amount_functional) as decimal(18, 2)) as subledger_balance,
    cast(getvariable('gl_difference') + getvariable('late_postings') as decimal(18, 2)) as difference,
    getvariable('late_postings') as late_posting_amount,
    getvariable('gl_difference') as unexplained_difference,
    timestamp '2026-06-30 15:10:00' as gl_known_at
from marts.mart_aging as item
inner join marts.dim_company as company on item.company_code = company.company_code
where item.receivable_class = 'trade'
group by item.company_code, company.functional_currency;

insert into marts.fct_open_item
select distinct open_item_id, company_code, customer_id, item_kind, document_id, posting_date, receivable_class
from marts.fct_open_item_balance;

create table marts.fct_closing_rate as
select
    company.company_code, rate.currency, spine.day, cast(rate.rate as decimal(28, 12)) as rate_to_reporting
from (
    select cast(unnest(generate_series(date '2024-12-01', getvariable('as_of_date'), interval 1 day)) as date) as day
) as spine
cross join marts.dim_company as company
cross join sample_rate as rate;
