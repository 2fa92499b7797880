-- The ledger by hand: what one person who knows DuckDB would write over the landed Parquet, and nothing else.
--
-- Made: voucher (versions per key), item and opening (open items), application and leg (both legs, with functional
-- amounts and exchange differences), balance (open amounts on both clocks), trend (day x company x currency x scheme
-- bucket). Read: views `landing.*` over the manifest's explicit file list, the policy table of buckets.
--
-- How it is fast: everything after the first read is integers (vouchers, items, customers and moments are dense
-- numbers, codes are enums); keys with one version never meet a window or a sort; an item with one settlement has its
-- rectangles in closed form; only what is left is ordered, and only what grew out of order is cut into epochs.
--
-- Left out, with the rule: due dates derived from payment terms and rates of vouchers without a functional amount
-- (L13), extensions and re-issues (rule 4, A16), unbilled items that are billed (A5), conditional retentions (B7),
-- two deliveries that claim one moment. Tests, published names, kinds of movements and provenance are not its business
-- either.
--
-- In this order (search for the number):
--   1. Moments, codes, companies
--   2. Vouchers: one row per version; a key seen once never meets a window
--   3. Open items: a voucher, or each part of its instalment plan (L4)
--   4. Applications: what acts on which day, as known (L2, L8, L10, L12)
--   5. Legs per open item: those on planned documents are spread over the instalments (L4)
--   6. Balance: what is open, as rectangles on both clocks
--   7. Functional amounts of the legs, and exchange differences (L6, L7)
--   8. Trend: running sums per bucket and day, class trade, current knowledge

-- 1. Moments, codes, companies ---------------------------------------------------------------------------------------

create table moment as
select cast(row_number() over (order by known_at) as smallint) as moment_no, known_at
from (select distinct known_at from landing.load);

create table delivery as
select load.load_id, moment.moment_no, load.business_date
from landing.load as load inner join moment on load.known_at = moment.known_at;

create macro never() as cast(32767 as smallint);
create macro end_of_days() as date '9999-12-31';

create type company_code as enum (select distinct company_code from landing.company_setting order by company_code);
create type currency_code as enum (
    select distinct currency from (
        select distinct currency from landing.document union all select distinct currency from landing.receipt
        union all select functional_currency from landing.company_setting
    ) where currency is not null order by currency
);
create type voucher_kind as enum (
    'invoice', 'credit_note', 'debit_note', 'opening_balance', 'interest', 'unbilled', 'receipt', 'refund'
);
create type application_kind as enum (
    'receipt', 'credit_note', 'document', 'discount', 'write_off', 'fx_difference', 'offset', 'refund'
);

create table company as
select
    cast(company_code as company_code) as company,
    cast(functional_currency as currency_code) as functional_currency
from landing.company_setting;

create table customer as
select row_number() over (order by company_code, customer_id) as customer_no, company_code as company, customer_id
from (
    select distinct cast(company_code as company_code) as company_code,
        coalesce(customer_id, '(unassigned)') as customer_id from landing.document
    union
    select distinct cast(company_code as company_code), coalesce(customer_id, '(unidentified)') from landing.receipt
);

-- amount x part / whole in whole cents, half away from zero (L6)
create macro share(amount, part, whole) as
cast(
    sign(amount) * sign(part) * sign(whole) * cast(
        (2 * cast(abs(amount) * 100 as hugeint) * cast(abs(part) * 100 as hugeint) + cast(abs(whole) * 100 as hugeint))
        // nullif(2 * cast(abs(whole) * 100 as hugeint), 0)
    as decimal(18, 0)) * 0.01
as decimal(18, 2));

-- 2. Vouchers: one row per version; a key seen once never meets a window --------------------------------------------

-- Landing writes a key once per load. So only the keys of the smaller loads can have several rows.
set variable base_document = coalesce(
    (select load_id from landing.load where entity = 'document' order by rows_landed desc, load_id limit 1), -1);
set variable base_receipt = coalesce(
    (select load_id from landing.load where entity = 'receipt' order by rows_landed desc, load_id limit 1), -1);
set variable base_allocation = coalesce(
    (select load_id from landing.load where entity = 'allocation' order by rows_landed desc, load_id limit 1), -1);

create table repeated_document as
with later as (
    select company_code, document_id as id, count(*) as row_count
    from landing.document where _load_id <> getvariable('base_document') group by company_code, document_id
)
select company_code, id from later where row_count > 1
union
select base.company_code, base.document_id
from landing.document as base
semi join later on base.company_code = later.company_code and base.document_id = later.id
where base._load_id = getvariable('base_document');

create table repeated_receipt as
with later as (
    select company_code, receipt_id as id, count(*) as row_count
    from landing.receipt where _load_id <> getvariable('base_receipt') group by company_code, receipt_id
)
select company_code, id from later where row_count > 1
union
select base.company_code, base.receipt_id
from landing.receipt as base
semi join later on base.company_code = later.company_code and base.receipt_id = later.id
where base._load_id = getvariable('base_receipt');

create table repeated_allocation as
with later as (
    select company_code, allocation_id as id, count(*) as row_count
    from landing.allocation where _load_id <> getvariable('base_allocation') group by company_code, allocation_id
)
select company_code, id from later where row_count > 1
union
select base.company_code, base.allocation_id
from landing.allocation as base
semi join later on base.company_code = later.company_code and base.allocation_id = later.id
where base._load_id = getvariable('base_allocation');

create view document_row as
select
    company_code, document_id as id, false as is_receipt,
    coalesce(customer_id, '(unassigned)') as customer_id,
    cast(document_type as voucher_kind) as kind,
    cast(currency as currency_code) as currency,
    case when document_type = 'credit_note' then -amount else amount end as document_amount,
    case when document_type = 'credit_note' then -functional_amount else functional_amount end as given_functional,
    coalesce(posting_date, document_date) as accounting_date,
    coalesce(posting_date, document_date) as opened_on,
    case when is_cancelled then cancelled_on end as voided_on,
    document_date,
    coalesce(due_date, document_date) as due_date,
    _op = 'upsert' and not (coalesce(is_cancelled, false) and cancelled_on is null) as is_there,
    _load_id
from landing.document;

create view receipt_row as
select
    company_code, receipt_id as id, true as is_receipt,
    coalesce(customer_id, '(unidentified)') as customer_id,
    cast(case when amount < 0 then 'refund' else 'receipt' end as voucher_kind) as kind,
    cast(currency as currency_code) as currency,
    -amount as document_amount,
    -functional_amount as given_functional,
    coalesce(posting_date, receipt_date) as accounting_date,
    greatest(coalesce(posting_date, receipt_date), cleared_on) as opened_on,
    case when status in ('cancelled', 'bounced') then status_date end as voided_on,
    receipt_date as document_date,
    receipt_date as due_date,
    _op = 'upsert' and coalesce(status, 'cleared') <> 'pending'
        and not (coalesce(status, 'cleared') in ('cancelled', 'bounced') and status_date is null) as is_there,
    _load_id
from landing.receipt;

create view voucher_row as select * from document_row union all select * from receipt_row;

create table repeated_voucher as
select row_number() over (order by company_code, is_receipt, id) as repeated_no, *
from (
    select company_code, false as is_receipt, id from repeated_document
    union all select company_code, true, id from repeated_receipt
);

create macro functional_of(currency, functional_currency, document_amount, given_functional) as
cast(
    case
        when currency = functional_currency and document_amount <> 0 then document_amount
        when currency = functional_currency then coalesce(given_functional, 0)
        else given_functional
    end
as decimal(18, 2));

create macro nature_of(kind, document_amount) as
cast(
    case when document_amount <> 0 then sign(document_amount) when kind in ('credit_note', 'receipt') then -1 else 1 end
as tinyint);

create table planned_key as
select distinct company_code, document_id as id, false as is_receipt from landing.instalment;

create view voucher_typed as
select
    voucher_row.*,
    planned_key.id is not null as is_planned,
    company.company,
    customer.customer_no,
    delivery.moment_no,
    delivery.business_date,
    nature_of(kind, document_amount) as nature,
    coalesce(currency = functional_currency and document_amount <> 0, false) as is_domestic,
    functional_of(currency, functional_currency, document_amount, given_functional) as functional_amount
from voucher_row
inner join company on cast(voucher_row.company_code as company_code) = company.company
inner join delivery on voucher_row._load_id = delivery.load_id
inner join customer
    on company.company = customer.company and voucher_row.customer_id = customer.customer_id
left join planned_key
    on voucher_row.company_code = planned_key.company_code and voucher_row.id = planned_key.id
    and voucher_row.is_receipt = planned_key.is_receipt;

create table voucher as
select
    row_number() over () as voucher_no,
    company, is_receipt, id, customer_no, kind, currency, nature, is_domestic, document_amount, functional_amount,
    is_planned, accounting_date, opened_on, voided_on, document_date, due_date, moment_no as known_from, never() as known_to,
    business_date,
    -- is_steady: believed without change since it became known, and never void
    voided_on is null as is_steady, true as is_first
from voucher_typed as typed
anti join repeated_voucher as repeated
    on typed.is_receipt = repeated.is_receipt and typed.company_code = repeated.company_code and typed.id = repeated.id
where is_there and (voided_on is null or voided_on > opened_on);

-- Equal neighbours on the knowledge clock are one version: a corrected remark is not a version of the ledger.
create table voucher_again as
with version as (
    select
        typed.*, repeated.repeated_no,
        coalesce(lead(moment_no) over (partition by repeated_no order by moment_no), never()) as known_to
    from voucher_typed as typed
    inner join repeated_voucher as repeated
        on typed.is_receipt = repeated.is_receipt and typed.company_code = repeated.company_code
        and typed.id = repeated.id
),
marked as (
    select
        *,
        case when
            lag(known_to) over version_order = moment_no
            and lag((customer_no, kind, currency, document_amount, functional_amount, accounting_date, opened_on,
                voided_on, document_date, due_date)) over version_order
            is not distinct from (customer_no, kind, currency, document_amount, functional_amount, accounting_date,
                opened_on, voided_on, document_date, due_date)
        then 0 else 1 end as is_new
    from version
    where is_there and (voided_on is null or voided_on > opened_on)
    window version_order as (partition by repeated_no order by moment_no)
),
numbered as (
    select *, sum(is_new) over (partition by repeated_no order by moment_no rows unbounded preceding) as run_no
    from marked
)
select
    (select count(*) from voucher) + repeated_no as voucher_no,
    any_value(company) as company, any_value(is_receipt) as is_receipt, any_value(id) as id,
    any_value(customer_no) as customer_no, any_value(kind) as kind, any_value(currency) as currency,
    any_value(nature) as nature, any_value(is_domestic) as is_domestic,
    any_value(document_amount) as document_amount, any_value(functional_amount) as functional_amount,
    any_value(is_planned) as is_planned, any_value(accounting_date) as accounting_date, any_value(opened_on) as opened_on,
    any_value(voided_on) as voided_on, any_value(document_date) as document_date, any_value(due_date) as due_date,
    min(moment_no) as known_from, max(known_to) as known_to,
    arg_min(business_date, moment_no) as business_date
from numbered
group by repeated_no, run_no;

insert into voucher by name
select
    *,
    voided_on is null and known_to = never() and count(*) over whole = 1 as is_steady,
    row_number() over (partition by voucher_no order by known_from) = 1 as is_first
from voucher_again
window whole as (partition by voucher_no);

-- 3. Open items: a voucher, or each part of its instalment plan (L4) ------------------------------------------------

create macro item_of(voucher_no, instalment_no) as voucher_no * 1000 + instalment_no;

create table instalment as
select
    voucher.voucher_no, landed.instalment_no, landed.due_date, landed.amount, landed.kind as instalment_kind,
    landed._op = 'upsert' as is_there, delivery.moment_no,
    row_number() over (partition by voucher.voucher_no, landed.instalment_no order by delivery.moment_no) as version_no,
    coalesce(lead(delivery.moment_no) over (
        partition by voucher.voucher_no, landed.instalment_no order by delivery.moment_no), never()) as known_to
from landing.instalment as landed
inner join delivery on landed._load_id = delivery.load_id
inner join voucher
    on voucher.is_planned and voucher.is_first and landed.company_code = cast(voucher.company as varchar)
    and landed.document_id = voucher.id;

-- A plan is settled where document and parts came together and never changed.
create table plan_unsettled as
select voucher_no from instalment
inner join voucher using (voucher_no)
group by voucher_no
having bool_or(not voucher.is_steady or version_no > 1 or not is_there or moment_no > voucher.known_from);

create table plan as
with input as (
    select
        voucher.voucher_no, voucher.known_from, voucher.known_to, voucher.document_amount, voucher.functional_amount,
        voucher.kind, voucher.nature, instalment.instalment_no, instalment.due_date, instalment.amount
    from voucher
    inner join instalment on voucher.voucher_no = instalment.voucher_no
    anti join plan_unsettled on voucher.voucher_no = plan_unsettled.voucher_no
    where voucher.is_planned
    union all
    select
        epoch.voucher_no, epoch.known_from, epoch.known_to, voucher.document_amount, voucher.functional_amount,
        voucher.kind, voucher.nature, instalment.instalment_no, instalment.due_date, instalment.amount
    from (
        select voucher_no, moment_no as known_from,
            coalesce(lead(moment_no) over (partition by voucher_no order by moment_no), never()) as known_to
        from (
            select voucher_no, known_from as moment_no from voucher semi join plan_unsettled using (voucher_no)
            union select voucher_no, known_to from voucher semi join plan_unsettled using (voucher_no)
            union select voucher_no, moment_no from instalment semi join plan_unsettled using (voucher_no)
        ) where moment_no < never()
    ) as epoch
    inner join voucher
        on epoch.voucher_no = voucher.voucher_no and voucher.known_from <= epoch.known_from
        and voucher.known_to > epoch.known_from
    left join instalment
        on epoch.voucher_no = instalment.voucher_no and instalment.is_there
        and instalment.moment_no <= epoch.known_from and instalment.known_to > epoch.known_from
),
valued as (
    select *,
        case when kind = 'opening_balance' then nature else 1 end * amount as part,
        abs(document_amount) as whole, abs(functional_amount) as whole_functional
    from input
),
summed as (
    select *,
        coalesce(sum(part) over one_plan = whole and whole > 0, false) as is_planned,
        row_number() over fill as fill_no, count(*) over one_plan as part_count,
        sum(part) over (fill rows unbounded preceding) as part_through
    from valued
    window one_plan as (partition by voucher_no, known_from),
        fill as (partition by voucher_no, known_from order by due_date, instalment_no)
)
select
    voucher_no, instalment_no, cast(fill_no as smallint) as fill_no, fill_no = part_count as is_last, due_date,
    cast(part as decimal(18, 2)) as amount,
    share(whole_functional, part_through, whole) - share(whole_functional, part_through - part, whole)
        as functional_amount,
    true as is_planned, known_from, known_to
from summed where is_planned
union all
select
    voucher_no, 1, 1, true, null, cast(whole as decimal(18, 2)), whole_functional, false, known_from, known_to
from summed where not is_planned and fill_no = 1;

create table opening_part as
select
    item_of(voucher.voucher_no, plan.instalment_no) as item_no, voucher.voucher_no, voucher.company,
    voucher.customer_no, voucher.kind, voucher.currency, voucher.is_domestic,
    cast(voucher.nature * plan.amount as decimal(18, 2)) as document_amount,
    cast(sign(voucher.functional_amount) * plan.functional_amount as decimal(18, 2)) as functional_amount,
    voucher.accounting_date, voucher.opened_on, voucher.voided_on, voucher.document_date,
    case when plan.is_planned then plan.due_date else voucher.due_date end as due_date,
    plan.known_from, plan.known_to,
    voucher.is_steady and plan.known_to = never()
        and count(*) over (partition by voucher.voucher_no, plan.instalment_no) = 1 as is_steady,
    voucher.business_date
from plan
inner join voucher
    on plan.voucher_no = voucher.voucher_no and plan.known_from >= voucher.known_from
    and plan.known_from < voucher.known_to;

create view opening as
select
    item_of(voucher_no, 1) as item_no, voucher_no, company, customer_no, kind, currency, is_domestic, document_amount,
    functional_amount, accounting_date, opened_on, voided_on, document_date, due_date, known_from, known_to, is_steady,
    business_date
from voucher where not is_planned
union all
select * from opening_part;

-- 4. Applications: what acts on which day, as known (L2, L8, L10, L12) -----------------------------------------------

-- Only an allocation that changed, vanished, reverses or is reversed has a history to be told.
create table allocation_again as
select company_code, id from repeated_allocation
union select company_code, allocation_id from landing.allocation where is_reversal
union select company_code, reverses_allocation_id from landing.allocation
where is_reversal and reverses_allocation_id is not null;

create table event_again as
with version as (
    select
        landed.company_code, allocation_id, from_kind, from_id, to_kind, to_id, to_instalment_no, allocated_on, amount,
        from_amount, functional_amount, coalesce(is_reversal, false) as is_reversal, reverses_allocation_id,
        _op = 'delete' as is_deleted, moment_no, business_date,
        row_number() over versions as version_no,
        lag(_op) over versions is not distinct from _op and lag((
            from_kind, from_id, to_kind, to_id, to_instalment_no, allocated_on, amount, from_amount, functional_amount,
            coalesce(is_reversal, false), reverses_allocation_id
        )) over versions is not distinct from (
            from_kind, from_id, to_kind, to_id, to_instalment_no, allocated_on, amount, from_amount, functional_amount,
            coalesce(is_reversal, false), reverses_allocation_id
        ) and row_number() over versions > 1 as is_same,
        coalesce(lag(_op) over versions, 'delete') = 'delete' as is_start
    from landing.allocation as landed
    inner join delivery on landed._load_id = delivery.load_id
    semi join allocation_again as again
        on landed.company_code = again.company_code and landed.allocation_id = again.id
    window versions as (partition by landed.company_code, allocation_id order by moment_no)
),
money_version as (
    select *,
        sum(case when is_start and not is_deleted then 1 else 0 end) over (versions rows unbounded preceding) as run_no,
        lead(moment_no) over versions as ended_at,
        lead(business_date) over versions as ended_on,
        row_number() over versions as money_version_no
    from version where not is_same
    window versions as (partition by company_code, allocation_id order by version_no)
),
dated as (
    select *,
        max(case when money_version_no = 1 then allocated_on else greatest(allocated_on, business_date) end) over (
            partition by company_code, allocation_id, run_no order by version_no rows unbounded preceding
        ) as own_date
    from money_version where not is_deleted
),
named as (
    select
        reversal.company_code, reversal.allocation_id, reversal.version_no, named.own_date as named_date,
        min(named.moment_no) over (
            partition by reversal.company_code, reversal.allocation_id, reversal.version_no) as named_moment
    from dated as reversal
    inner join dated as named
        on reversal.company_code = named.company_code and reversal.reverses_allocation_id = named.allocation_id
    where reversal.is_reversal
    qualify row_number() over (
        partition by reversal.company_code, reversal.allocation_id, reversal.version_no
        order by case when named.moment_no <= reversal.moment_no
            and coalesce(named.ended_at > reversal.moment_no, true) then 0 else 1 end, named.version_no) = 1
),
resolved as (
    select dated.*,
        case when is_reversal then greatest(own_date, named_date) else own_date end as event_date,
        case when is_reversal then greatest(moment_no, named_moment) else moment_no end as event_moment,
        case when is_reversal then -1 else 1 end as direction
    from dated
    left join named
        on dated.company_code = named.company_code and dated.allocation_id = named.allocation_id
        and dated.version_no = named.version_no
    where not is_reversal or reverses_allocation_id is null or named_date is not null
)
select
    company_code, allocation_id, money_version_no * 2 - 1 as event_no, from_kind, from_id, to_kind, to_id,
    to_instalment_no, direction, amount, from_amount, functional_amount, event_date, event_moment as known_from
from resolved
union all
select
    company_code, allocation_id, money_version_no * 2, from_kind, from_id, to_kind, to_id, to_instalment_no,
    -direction, amount, from_amount, functional_amount, greatest(ended_on, event_date),
    greatest(ended_at, event_moment)
from resolved where ended_at is not null;

create table event as
with stated as (
    select
        landed.company_code, allocation_id, 1 as event_no, from_kind, from_id, to_kind, to_id, to_instalment_no,
        1 as direction, amount, from_amount, functional_amount, allocated_on as event_date,
        delivery.moment_no as known_from
    from landing.allocation as landed
    inner join delivery on landed._load_id = delivery.load_id
    anti join allocation_again as again
        on landed.company_code = again.company_code and landed.allocation_id = again.id
    where landed._op = 'upsert'
    union all
    select * from event_again
)
select
    row_number() over () as event_no,
    settled.company,
    stated.allocation_id,
    stated.event_no as change_no,
    cast(stated.from_kind as application_kind) as from_kind,
    stated.from_kind in ('discount', 'write_off', 'fx_difference', 'offset') as is_sink,
    cast(stated.to_instalment_no as smallint) as to_instalment_no,
    cast(stated.direction as tinyint) as direction,
    stated.amount, stated.from_amount,
    case when stated.from_kind = 'fx_difference' then stated.functional_amount end as given_functional,
    stated.event_date, stated.known_from,
    settled.voucher_no as settled_no, used.voucher_no as used_no,
    settled.is_steady and coalesce(used.is_steady, true) as is_steady,
    settled.nature as settled_nature, settled.currency as settled_currency,
    settled.is_domestic as settled_domestic, settled.is_planned as settled_planned,
    settled.opened_on as settled_opened, settled.known_from as settled_known,
    used.currency as used_currency, used.is_domestic as used_domestic,
    coalesce(used.is_planned, false) as used_planned, used.opened_on as used_opened, used.known_from as used_known
from stated
inner join voucher as settled
    on settled.is_first and stated.company_code = cast(settled.company as varchar) and stated.to_id = settled.id
    and (stated.to_kind in ('receipt', 'refund')) = settled.is_receipt
left join voucher as used
    on used.is_first and stated.company_code = cast(used.company as varchar) and stated.from_id = used.id
    and (stated.from_kind = 'receipt') = used.is_receipt
    and stated.from_kind in ('receipt', 'credit_note', 'document')
where used.voucher_no is not null or stated.from_kind in ('discount', 'write_off', 'fx_difference', 'offset');

create table application as
with hard as (
    select
        event.event_no, event.company, event.allocation_id, event.change_no, event.from_kind, event.is_sink,
        event.to_instalment_no, event.direction, event.amount, event.from_amount,
        event.given_functional, event.settled_no, event.used_no,
        settled.nature as settled_nature, settled.currency as settled_currency,
        settled.is_domestic as settled_domestic, event.settled_planned,
        used.currency as used_currency, used.is_domestic as used_domestic, event.used_planned,
        greatest(event.event_date, settled.opened_on, used.opened_on) as effective_date,
        least(settled.voided_on, used.voided_on) as voided_on,
        greatest(event.known_from, settled.known_from, used.known_from) as known_from,
        least(settled.known_to, used.known_to) as known_to
    from event
    inner join voucher as settled on event.settled_no = settled.voucher_no and event.known_from < settled.known_to
    left join voucher as used on event.used_no = used.voucher_no and event.known_from < used.known_to
    where not event.is_steady and (event.is_sink or used.voucher_no is not null)
        and coalesce(used.known_from < settled.known_to and used.known_to > settled.known_from, true)
),
alive as (
    select * from hard
    where (voided_on is null or voided_on > effective_date)
),
marked as (
    select *,
        case when lag(known_to) over pieces = known_from
            and lag((settled_nature, settled_currency, settled_domestic, used_currency, used_domestic, effective_date,
                voided_on)) over pieces
            is not distinct from (settled_nature, settled_currency, settled_domestic, used_currency, used_domestic,
                effective_date, voided_on)
        then 0 else 1 end as is_new
    from alive
    window pieces as (partition by event_no order by known_from)
),
numbered as (
    select *, sum(is_new) over (partition by event_no order by known_from rows unbounded preceding) as run_no
    from marked
),
merged as (
    select * exclude (is_new, run_no, known_from, known_to),
        min(known_from) over run as known_from, max(known_to) over run as known_to
    from numbered
    window run as (partition by event_no, run_no)
    qualify is_new = 1
),
piece as (
    select
        event_no, company, allocation_id, change_no, from_kind, is_sink, to_instalment_no, direction, amount, from_amount,
        given_functional, settled_no, used_no, settled_nature, settled_currency, settled_domestic, settled_planned,
        used_currency, used_domestic, used_planned,
        greatest(event_date, settled_opened, used_opened) as effective_date, null as voided_on,
        greatest(known_from, settled_known, used_known) as known_from, never() as known_to
    from event where is_steady
    union all by name
    select * from merged
),
valued as (
    select
        event_no, company, allocation_id, change_no, from_kind, is_sink, false as is_undoing, to_instalment_no,
        direction, given_functional, settled_no, used_no, settled_planned, used_planned,
        cast(direction * amount * case when is_sink then -1 else -settled_nature end as decimal(18, 2))
            as settled_amount,
        cast(direction * settled_nature
            * case when used_currency = settled_currency then amount else from_amount end as decimal(18, 2))
            as used_amount,
        settled_domestic, coalesce(used_domestic, is_sink) as used_domestic,
        effective_date, voided_on, known_from, known_to
    from piece
    where is_sink or used_currency = settled_currency or from_amount is not null
)
select * exclude (voided_on) from valued
union all
select * exclude (voided_on) replace (
    true as is_undoing, cast(-direction as tinyint) as direction, cast(-settled_amount as decimal(18, 2)) as settled_amount,
    cast(-used_amount as decimal(18, 2)) as used_amount, voided_on as effective_date)
from valued where voided_on is not null;

-- 5. Legs per open item: those on planned documents are spread over the instalments (L4) ----------------------------

create view planned_leg as
select
    event_no, allocation_id, change_no, is_undoing, true as is_settled, settled_no as voucher_no,
    to_instalment_no as named_no, settled_amount as amount, effective_date, known_from, known_to
from application where settled_planned
union all
select
    event_no, allocation_id, change_no, is_undoing, false, used_no, null, used_amount, effective_date, known_from,
    known_to
from application where used_planned;

create table planned_leg_ordered as
select *,
    known_to < never() or coalesce(lag(known_from) over leg_order > known_from, false) as is_out_of_order
from planned_leg
window leg_order as (partition by voucher_no
    order by effective_date, is_undoing, allocation_id, change_no, not is_settled);

-- Where everything grew in order, one pass serves every moment: what stands before a leg is known before it.
create table plan_hard as
select voucher_no from planned_leg_ordered where is_out_of_order
union select voucher_no from plan where known_to < never()
union select voucher_no from plan group by voucher_no having min(known_from) < max(known_from);

-- Unnamed legs alone fill the parts one after the other: what a part has got depends on their sum and nothing else.
create table plan_named as
select distinct voucher_no from planned_leg where named_no is not null;

create macro filled(total, before, part, is_last) as
case
    when is_last and total < 0 then total
    when is_last then greatest(total - before, 0)
    else greatest(least(total - before, part), 0)
end;

create table leg_part_unnamed as
with leg as (
    select *, sum(reduction) over (partition by voucher_no
        order by effective_date, is_undoing, allocation_id, change_no, not is_settled rows unbounded preceding) as total
    from (
        select leg.*, nature.nature, -nature.nature * leg.amount as reduction
        from planned_leg_ordered as leg
        anti join plan_hard using (voucher_no)
        anti join plan_named using (voucher_no)
        inner join (
            select voucher_no, any_value(nature) as nature from voucher where is_planned group by voucher_no
        ) as nature using (voucher_no)
    )
),
part as (
    select voucher_no, instalment_no, fill_no, is_last, amount,
        sum(amount) over (partition by voucher_no order by fill_no rows unbounded preceding) - amount as before
    from plan
    anti join plan_hard using (voucher_no)
    anti join plan_named using (voucher_no)
),
changed as (
    select leg.*, part.instalment_no, part.fill_no,
        filled(total, before, part.amount, is_last) - filled(total - reduction, before, part.amount, is_last) as change,
        greatest(least(total, before), 0) - greatest(least(total - reduction, before), 0) as change_before
    from leg inner join part using (voucher_no)
)
select
    event_no, is_undoing, is_settled, item_of(voucher_no, instalment_no) as item_no,
    cast(-nature * change as decimal(18, 2)) as amount,
    cast(-nature * change_before as decimal(18, 2)) as amount_before, amount as leg_amount, effective_date, known_from,
    known_to
from changed
where change <> 0 or (reduction = 0 and fill_no = 1);

create table leg_part as
with epoch as (
    select voucher_no, known_from as epoch_from,
        coalesce(lead(known_from) over (partition by voucher_no order by known_from), never()) as epoch_to
    from (
        select voucher_no, known_from from planned_leg_ordered semi join plan_hard using (voucher_no)
        union select voucher_no, known_to from planned_leg_ordered semi join plan_hard using (voucher_no)
        union select voucher_no, known_from from plan semi join plan_hard using (voucher_no)
        union select voucher_no, known_to from plan semi join plan_hard using (voucher_no)
    ) where known_from < never()
),
crossed as (
    select leg.*, cast(0 as smallint) as epoch_from, leg.known_from as part_from, leg.known_to as part_to,
        plan.instalment_no, plan.fill_no, plan.is_last, plan.amount as part_amount
    from planned_leg_ordered as leg
    semi join plan_named using (voucher_no)
    anti join plan_hard using (voucher_no)
    inner join plan on leg.voucher_no = plan.voucher_no
    union all
    select leg.*, epoch.epoch_from, epoch.epoch_from, epoch.epoch_to, plan.instalment_no, plan.fill_no, plan.is_last,
        plan.amount
    from epoch
    inner join planned_leg_ordered as leg
        on epoch.voucher_no = leg.voucher_no and leg.known_from <= epoch.epoch_from and leg.known_to > epoch.epoch_from
    inner join plan
        on epoch.voucher_no = plan.voucher_no and plan.known_from <= epoch.epoch_from
        and plan.known_to > epoch.epoch_from
),
signed as (
    select crossed.*, -nature.nature * crossed.amount as reduction, nature.nature
    from crossed
    inner join (
        select voucher_no, any_value(nature) as nature from voucher where is_planned group by voucher_no
    ) as nature on crossed.voucher_no = nature.voucher_no
),
numbered as (
    select *,
        max(instalment_no = named_no) over (partition by voucher_no, epoch_from, event_no, is_undoing, is_settled)
            as is_named
    from signed
),
cumulated as (
    select *,
        sum(case when instalment_no = named_no then reduction else 0 end) over so_far as named_amount,
        sum(case when coalesce(is_named, false) then 0 else reduction end) over so_far as unnamed_amount
    from numbered
    window so_far as (partition by voucher_no, epoch_from, instalment_no
        order by effective_date, is_undoing, allocation_id, change_no, not is_settled rows unbounded preceding)
),
with_room as (
    select *,
        greatest(part_amount - named_amount, 0) as room,
        coalesce(sum(greatest(part_amount - named_amount, 0)) over (
            partition by voucher_no, epoch_from, event_no, is_undoing, is_settled
            order by fill_no rows between unbounded preceding and 1 preceding), 0) as room_before
    from cumulated
),
settled as (
    select *,
        named_amount + case
            when is_last and unnamed_amount < 0 then unnamed_amount
            when is_last and unnamed_amount > room_before then unnamed_amount - room_before
            when unnamed_amount < 0 then 0
            else least(greatest(unnamed_amount - room_before, 0), room)
        end as settled_amount
    from with_room
),
changed as (
    select *,
        settled_amount - coalesce(lag(settled_amount) over (partition by voucher_no, epoch_from, instalment_no
            order by effective_date, is_undoing, allocation_id, change_no, not is_settled), 0) as change
    from settled
),
spread as (
    select
        event_no, is_undoing, is_settled, item_of(voucher_no, instalment_no) as item_no,
        cast(-nature * change as decimal(18, 2)) as amount,
        cast(-nature * coalesce(sum(change) over (
            partition by voucher_no, epoch_from, event_no, is_undoing, is_settled
            order by fill_no rows between unbounded preceding and 1 preceding), 0) as decimal(18, 2)) as amount_before,
        amount as leg_amount, effective_date, part_from as known_from, part_to as known_to, epoch_from
    from changed
    qualify change <> 0
        or (reduction = 0 and coalesce(is_named and instalment_no = named_no, false))
        or (reduction = 0 and not coalesce(is_named, false) and fill_no = 1)
),
marked as (
    select *,
        case when lag(known_to) over pieces = known_from
            and lag((amount, amount_before, leg_amount, effective_date)) over pieces
            is not distinct from (amount, amount_before, leg_amount, effective_date) then 0 else 1 end as is_new
    from spread where epoch_from > 0
    window pieces as (partition by event_no, is_undoing, is_settled, item_no order by known_from)
),
run as (
    select *, sum(is_new) over (partition by event_no, is_undoing, is_settled, item_no order by known_from
        rows unbounded preceding) as run_no
    from marked
)
select event_no, is_undoing, is_settled, item_no, amount, amount_before, leg_amount, effective_date, known_from, known_to
from spread where epoch_from = 0
union all
select event_no, is_undoing, is_settled, item_no, any_value(amount), any_value(amount_before), any_value(leg_amount),
    any_value(effective_date), min(known_from), max(known_to)
from run group by event_no, is_undoing, is_settled, item_no, run_no;

create view leg as
select
    event_no, is_undoing, true as is_settled, item_of(settled_no, 1) as item_no, settled_amount as amount,
    cast(0 as decimal(18, 2)) as amount_before, settled_amount as leg_amount, effective_date, known_from, known_to
from application where not settled_planned
union all
select
    event_no, is_undoing, false, item_of(used_no, 1), used_amount, cast(0 as decimal(18, 2)), used_amount,
    effective_date, known_from, known_to
from application where used_no is not null and not used_planned
union all
select * from leg_part_unnamed
union all
select * from leg_part;

-- 6. Balance: what is open, as rectangles on both clocks --------------------------------------------------------------

-- An item that opens once and is settled on one day, all known at one moment, has its rectangles in closed form.
create table item_state as
select
    opening.item_no, opening.document_amount, opening.functional_amount, opening.is_domestic, opening.opened_on,
    opening.known_from, legs.effective_date, legs.moment_no, legs.amount,
    opening.is_steady and coalesce(legs.is_one, true) as is_plain
from (select * from opening where is_steady) as opening
left join (
    select
        item_no, min(effective_date) as effective_date, min(known_from) as moment_no, sum(amount) as amount,
        min(effective_date) = max(effective_date) and min(known_from) = max(known_from) and min(known_to) = never()
            as is_one
    from leg group by item_no
) as legs on opening.item_no = legs.item_no;

create table balance_hard as
with hard_opening as (
    select opening.item_no, opened_on, voided_on, document_amount, functional_amount, is_domestic, known_from, known_to
    from opening
    anti join (select item_no from item_state where is_plain) as plain on opening.item_no = plain.item_no
),
hard_item as (select distinct item_no from hard_opening),
movement as (
    select item_no, opened_on as effective_date, document_amount as amount, known_from, known_to from hard_opening
    union all
    select item_no, voided_on, -document_amount, known_from, known_to from hard_opening where voided_on is not null
    union all
    select leg.item_no, effective_date, amount, known_from, known_to from leg semi join hard_item using (item_no)
),
change_point as (
    select item_no, moment_no, effective_date, sum(amount) as amount
    from (
        select item_no, known_from as moment_no, effective_date, amount from movement
        union all
        select item_no, known_to, effective_date, -amount from movement where known_to < never()
        union all
        -- another valuation of the original cuts the item, without an amount of its own
        select item_no, known_from, opened_on, 0 from hard_opening
    )
    group by item_no, moment_no, effective_date
),
steady_item as (
    select item_no from hard_opening group by item_no having count(*) = 1 and min(known_to) = never()
        and min(voided_on) is null
),
along as (
    select *,
        lead(moment_no) over item_order as next_moment,
        lead(effective_date) over item_order as next_date,
        sum(amount) over (item_order rows unbounded preceding) as open_amount,
        coalesce(max(effective_date) over (item_order rows between unbounded preceding and 1 preceding)
            > effective_date, false) as is_back
    from change_point
    window item_order as (partition by item_no order by moment_no, effective_date)
),
disordered as (
    select item_no from along group by item_no having bool_or(is_back)
    union
    select item_no from hard_item anti join steady_item using (item_no)
),
ordered as (select * from along anti join disordered using (item_no)),
epoch as (
    select item_no, moment_no as known_from,
        coalesce(lead(moment_no) over (partition by item_no order by moment_no), never()) as known_to
    from (select distinct item_no, moment_no from change_point semi join disordered using (item_no))
),
epoch_day as (
    select epoch.item_no, epoch.known_from, epoch.known_to, change_point.effective_date,
        sum(change_point.amount) as amount
    from epoch
    inner join change_point
        on epoch.item_no = change_point.item_no and change_point.moment_no <= epoch.known_from
    group by all having sum(change_point.amount) <> 0
),
epoch_rectangle as (
    select
        epoch_day.item_no, effective_date as effective_from,
        coalesce(lead(effective_date) over day_order, end_of_days()) as effective_to,
        sum(amount) over (day_order rows unbounded preceding) as open_amount,
        known_from, known_to
    from epoch_day
    window day_order as (partition by epoch_day.item_no, known_from order by effective_date)
),
rectangle as (
    select item_no, effective_date as effective_from, end_of_days() as effective_to, moment_no as known_from,
        coalesce(next_moment, never()) as known_to, open_amount
    from ordered where next_moment is null or next_moment > moment_no
    union all
    select item_no, effective_date, next_date, next_moment, never(), open_amount
    from ordered where next_date > effective_date
    union all
    select item_no, effective_from, effective_to, known_from, known_to, open_amount from epoch_rectangle
),
valued as (
    select
        rectangle.*,
        case when hard_opening.is_domestic then rectangle.open_amount
            else share(hard_opening.functional_amount, rectangle.open_amount, hard_opening.document_amount)
        end as open_functional
    from rectangle
    inner join hard_opening
        on rectangle.item_no = hard_opening.item_no and hard_opening.known_from <= rectangle.known_from
        and hard_opening.known_to > rectangle.known_from
    where rectangle.open_amount <> 0
),
marked as (
    select *,
        case when lag(known_to) over pieces = known_from and lag(open_functional) over pieces
            is not distinct from open_functional then 0 else 1 end as is_new
    from valued
    window pieces as (partition by item_no, effective_from, effective_to, open_amount order by known_from)
),
run as (
    select *, sum(is_new) over (partition by item_no, effective_from, effective_to, open_amount order by known_from
        rows unbounded preceding) as run_no
    from marked
)
select item_no, effective_from, effective_to, open_amount, any_value(open_functional) as open_functional,
    min(known_from) as known_from, max(known_to) as known_to
from run group by item_no, effective_from, effective_to, open_amount, run_no;

create table rectangle as
with plain as (
    select *, document_amount + amount as open_after,
        case when is_domestic then document_amount else functional_amount end as functional_before
    from item_state where is_plain
)
-- until the settlement is known, all of it is open without end
select item_no, opened_on as effective_from, end_of_days() as effective_to, known_from,
    coalesce(moment_no, never()) as known_to, document_amount as open_amount, functional_before as open_functional
from plain where moment_no is null or moment_no > known_from
union all
select item_no, opened_on, effective_date, moment_no, never(), document_amount, functional_before
from plain where effective_date > opened_on
union all
select item_no, effective_date, end_of_days(), moment_no, never(), open_after,
    case when is_domestic then open_after else share(functional_amount, open_after, document_amount) end
from plain where open_after <> 0
union all
select item_no, effective_from, effective_to, known_from, known_to, open_amount, open_functional from balance_hard;

-- What the item is, beside its amount. Only items with a history have more than one row.
create table attribute_again as
with version as (
    select item_no, company, customer_no, kind, currency, accounting_date, document_date, due_date, known_from, known_to,
        business_date, first_value(due_date) over versions as original_due_date,
        lag(due_date) over versions as previous_due_date
    from opening where not is_steady
    window versions as (partition by item_no order by known_from)
),
-- a due date that a later version moved, agreed on or before the original one, is a change of terms (rule 4)
agreed as (
    select version.item_no, version.due_date, version.original_due_date, version.known_from,
        (select max(business_date) from delivery where delivery.moment_no = version.known_from) as agreed_on
    from version
    where previous_due_date <> due_date and kind not in ('receipt', 'refund')
),
terms as (select * from agreed where agreed_on <= original_due_date),
epoch as (
    select item_no, known_from, coalesce(lead(known_from) over (partition by item_no order by known_from), never())
        as known_to
    from (select distinct item_no, known_from from terms)
),
agreed_piece as (
    select epoch.item_no, epoch.known_from, epoch.known_to, terms.agreed_on,
        arg_max(terms.due_date, terms.known_from) as due_date
    from epoch
    inner join terms on epoch.item_no = terms.item_no and terms.known_from <= epoch.known_from
    group by epoch.item_no, epoch.known_from, epoch.known_to, terms.agreed_on
),
due as (
    select item_no, date '1900-01-01' as effective_from, end_of_days() as effective_to, cast(0 as smallint) as known_from,
        coalesce((select min(epoch.known_from) from epoch where epoch.item_no = original.item_no), never()) as known_to,
        original_due_date as due_date
    from (select distinct item_no, original_due_date from version) as original
    union all
    select item_no, date '1900-01-01', min(agreed_on), known_from, known_to,
        (select any_value(original_due_date) from version where version.item_no = agreed_piece.item_no)
    from agreed_piece group by item_no, known_from, known_to
    union all
    select item_no, agreed_on,
        coalesce(lead(agreed_on) over (partition by item_no, known_from order by agreed_on), end_of_days()), known_from,
        known_to, due_date
    from agreed_piece
),
marked as (
    select *,
        case when lag(known_to) over pieces = known_from
            and lag((customer_no, kind, accounting_date, document_date)) over pieces
            is not distinct from (customer_no, kind, accounting_date, document_date) then 0 else 1 end as is_new
    from version
    window pieces as (partition by item_no order by known_from)
),
run as (
    select *, sum(is_new) over (partition by item_no order by known_from rows unbounded preceding) as run_no from marked
),
merged as (
    select item_no, any_value(company) as company, any_value(customer_no) as customer_no, any_value(kind) as kind,
        any_value(currency) as currency, any_value(accounting_date) as accounting_date,
        any_value(document_date) as document_date, any_value(original_due_date) as original_due_date,
        min(known_from) as known_from, max(known_to) as known_to
    from run group by item_no, run_no
)
select
    merged.item_no, company, customer_no, kind, currency, accounting_date, document_date,
    case when kind in ('receipt', 'refund') then document_date else due.due_date end as due_date,
    case when kind in ('receipt', 'refund') then document_date else original_due_date end as original_due_date,
    due.effective_from, due.effective_to,
    greatest(merged.known_from, due.known_from) as known_from, least(merged.known_to, due.known_to) as known_to
from merged
inner join due
    on merged.item_no = due.item_no and merged.known_from < due.known_to and merged.known_to > due.known_from;

create table balance as
select
    rectangle.item_no, opening.company, opening.customer_no, opening.currency, opening.kind,
    opening.document_date, opening.accounting_date, opening.due_date, opening.due_date as original_due_date,
    rectangle.effective_from, rectangle.effective_to, rectangle.known_from, rectangle.known_to,
    rectangle.open_amount, rectangle.open_functional
from rectangle
inner join opening on rectangle.item_no = opening.item_no and opening.is_steady
union all
select
    rectangle.item_no, attribute.company, attribute.customer_no, attribute.currency, attribute.kind,
    attribute.document_date, attribute.accounting_date, attribute.due_date, attribute.original_due_date,
    greatest(rectangle.effective_from, attribute.effective_from),
    least(rectangle.effective_to, attribute.effective_to),
    greatest(rectangle.known_from, attribute.known_from), least(rectangle.known_to, attribute.known_to),
    rectangle.open_amount, rectangle.open_functional
from rectangle
inner join attribute_again as attribute
    on rectangle.item_no = attribute.item_no
    and rectangle.effective_from < attribute.effective_to and rectangle.effective_to > attribute.effective_from
    and rectangle.known_from < attribute.known_to and rectangle.known_to > attribute.known_from
order by known_to desc, effective_to desc, company, customer_no;

-- 7. Functional amounts of the legs, and exchange differences (L6, L7) -----------------------------------------------

create table foreign_leg as
select
    leg.*, application.allocation_id, application.change_no,
    case
        when application.is_sink and application.from_kind = 'fx_difference' and application.given_functional is not null
            then -application.direction * application.given_functional
    end as given_functional,
    application.is_sink or not leg.is_settled as is_own
from leg
inner join (
    select * from application where not (settled_domestic and used_domestic)
) as application on leg.event_no = application.event_no and leg.is_undoing = application.is_undoing
    and leg.known_from >= application.known_from and leg.known_from < application.known_to;

create table foreign_movement as
with movement as (
    select
        item_no, null as event_no, 0 as phase, false as is_undoing, null as allocation_id, null as change_no,
        false as is_settled, opened_on as effective_date, document_amount as amount, known_from, known_to, is_steady
    from opening where not is_domestic
    union all
    select item_no, null, 2, false, null, null, false, voided_on, -document_amount, known_from, known_to, is_steady
    from opening where not is_domestic and voided_on is not null
    union all
    select item_no, event_no, 1, is_undoing, allocation_id, change_no, is_settled, effective_date, amount, known_from,
        known_to, known_to = never()
    from foreign_leg semi join (select item_no from opening where not is_domestic) as item using (item_no)
)
select *,
    not is_steady or coalesce(lag(known_from) over (partition by item_no
        order by effective_date, phase, is_undoing, allocation_id, change_no, not is_settled) > known_from, false)
        as is_out_of_order
from movement;

create table foreign_hard as select distinct item_no from foreign_movement where is_out_of_order;

create table carried as
with epoch as (
    select item_no, known_from as epoch_from,
        coalesce(lead(known_from) over (partition by item_no order by known_from), never()) as epoch_to
    from (
        select item_no, known_from from foreign_movement semi join foreign_hard using (item_no)
        union select item_no, known_to from foreign_movement semi join foreign_hard using (item_no)
    ) where known_from < never()
),
expanded as (
    select *, cast(0 as smallint) as epoch_from, known_from as part_from, known_to as part_to
    from foreign_movement anti join foreign_hard using (item_no)
    union all
    select movement.*, epoch.epoch_from, epoch.epoch_from, epoch.epoch_to
    from epoch
    inner join foreign_movement as movement
        on epoch.item_no = movement.item_no and movement.known_from <= epoch.epoch_from
        and movement.known_to > epoch.epoch_from
),
along as (
    select expanded.*,
        sum(expanded.amount) over (partition by expanded.item_no, epoch_from
            order by effective_date, phase, is_undoing, allocation_id, change_no, not is_settled
            rows unbounded preceding) as open_after
    from expanded
),
valued as (
    select along.*,
        case when opening.is_domestic then open_after
            else share(opening.functional_amount, open_after, opening.document_amount) end as carrying_after,
        opening.document_amount = 0 as is_without_amount
    from along
    inner join opening
        on along.item_no = opening.item_no and opening.known_from <= along.part_from
        and opening.known_to > along.part_from
),
changed as (
    select *,
        carrying_after - coalesce(lag(carrying_after) over (partition by item_no, epoch_from
            order by effective_date, phase, is_undoing, allocation_id, change_no, not is_settled), 0) as change
    from valued
),
leg_change as (select * from changed where phase = 1),
marked as (
    select *,
        case when lag(part_to) over pieces = part_from and lag((amount, change, effective_date)) over pieces
            is not distinct from (amount, change, effective_date) then 0 else 1 end as is_new
    from leg_change where epoch_from > 0
    window pieces as (partition by item_no, event_no, is_undoing, is_settled order by part_from)
),
run as (
    select *, sum(is_new) over (partition by item_no, event_no, is_undoing, is_settled order by part_from
        rows unbounded preceding) as run_no
    from marked
)
select item_no, event_no, is_undoing, is_settled, change, part_from as known_from, part_to as known_to
from leg_change where epoch_from = 0
union all
select item_no, event_no, is_undoing, is_settled, any_value(change), min(part_from), max(part_to)
from run group by item_no, event_no, is_undoing, is_settled, run_no;

create table foreign_valued as
select foreign_leg.* exclude (known_from, known_to), carried.change,
    greatest(foreign_leg.known_from, carried.known_from) as known_from,
    least(foreign_leg.known_to, carried.known_to) as known_to
from foreign_leg
inner join carried
    on foreign_leg.item_no = carried.item_no and foreign_leg.event_no = carried.event_no
    and foreign_leg.is_undoing = carried.is_undoing and foreign_leg.is_settled = carried.is_settled
    and foreign_leg.known_from < carried.known_to and foreign_leg.known_to > carried.known_from
union all
-- a domestic item that meets a foreign one carries what it amounts to
select * exclude (known_from, known_to), amount, known_from, known_to
from foreign_leg anti join carried using (item_no);

create table relief as
with used as (select * from foreign_valued where not is_settled),
epoch as (
    select event_no, is_undoing, known_from,
        coalesce(lead(known_from) over (partition by event_no, is_undoing order by known_from), never()) as known_to
    from (
        select event_no, is_undoing, known_from from used
        union select event_no, is_undoing, known_to from used where known_to < never()
    )
)
select epoch.event_no, epoch.is_undoing, epoch.known_from, epoch.known_to, sum(used.change) as relief,
    count(*) = count(used.change) as is_known
from epoch
inner join used
    on epoch.event_no = used.event_no and epoch.is_undoing = used.is_undoing
    and used.known_from <= epoch.known_from and used.known_to > epoch.known_from
group by epoch.event_no, epoch.is_undoing, epoch.known_from, epoch.known_to;

create table foreign_settled as
select
    valued.item_no, valued.event_no, valued.is_undoing, valued.effective_date, valued.amount, valued.change,
    share(-relief, amount_before + amount, leg_amount) - share(-relief, amount_before, leg_amount) as functional_amount,
    greatest(valued.known_from, relief.known_from) as known_from, least(valued.known_to, relief.known_to) as known_to
from foreign_valued as valued
inner join relief
    on valued.event_no = relief.event_no and valued.is_undoing = relief.is_undoing
    and valued.known_from < relief.known_to and valued.known_to > relief.known_from
where not valued.is_own;

-- Rows of the source count first: on an item that has any, the rest of the day is one difference.
create table given_item as
select distinct item_no from foreign_valued where given_functional is not null;

create table exchange_difference as
with gap as (
    select item_no, case when given_item.item_no is null then event_no end as event_no,
        given_item.item_no is null and is_undoing as is_undoing, effective_date,
        change - functional_amount as amount, known_from, known_to
    from foreign_settled left join given_item using (item_no)
    union all
    select item_no, null, false, effective_date, change - given_functional, known_from, known_to
    from foreign_valued where given_functional is not null
),
epoch as (
    select item_no, event_no, is_undoing, effective_date, moment_no as known_from,
        lead(moment_no) over (partition by item_no, event_no, is_undoing, effective_date order by moment_no) as known_to
    from (
        select item_no, event_no, is_undoing, effective_date, known_from as moment_no from gap where event_no is null
        union select item_no, event_no, is_undoing, effective_date, known_to from gap where event_no is null
    )
)
select item_no, event_no, is_undoing, effective_date, amount, known_from, known_to
from gap where event_no is not null and amount <> 0
union all
select epoch.item_no, null, false, epoch.effective_date, sum(gap.amount), epoch.known_from, epoch.known_to
from epoch
inner join gap
    on epoch.item_no = gap.item_no and gap.event_no is null and epoch.effective_date = gap.effective_date
    and gap.known_from <= epoch.known_from and gap.known_to > epoch.known_from
where epoch.known_to is not null
group by epoch.item_no, epoch.effective_date, epoch.known_from, epoch.known_to
having sum(gap.amount) <> 0;

create table movement as
select item_no, event_no, is_undoing, is_settled, effective_date, amount as document_amount,
    amount as functional_amount, known_from, known_to
from leg
anti join (select distinct event_no from foreign_leg) as foreign_event using (event_no)
union all
select item_no, event_no, is_undoing, true, effective_date, amount, functional_amount, known_from, known_to
from foreign_settled
union all
select item_no, event_no, is_undoing, is_settled, effective_date, amount, coalesce(given_functional, change),
    known_from, known_to
from foreign_valued where is_own
union all
select item_no, event_no, is_undoing, true, effective_date, 0, amount, known_from, known_to from exchange_difference;

-- 8. Trend: running sums per bucket and day, class trade, current knowledge ------------------------------------------

create table bucket as
select
    cast(row_number() over (order by scheme, cast(bucket_no as integer)) as smallint) as bucket_key, scheme, basis, unit,
    cast(bucket_no as integer) as bucket_no,
    bucket, cast(lower_bound as integer) as lower_bound, cast(upper_bound as integer) as upper_bound
from read_csv(getvariable('buckets'), header = true, all_varchar = true)
where coalesce(cast(valid_from as date) <= getvariable('as_of'), true)
    and coalesce(cast(valid_to as date) >= getvariable('as_of'), true);

create table trend_step as
with step as (
    select company, currency, open_amount < 0 or (open_amount = 0 and open_functional < 0) as is_credit,
        due_date, original_due_date, document_date, accounting_date,
        unnest([effective_from, effective_to]) as day,
        unnest([1, -1]) * open_amount as document_amount, unnest([1, -1]) * open_functional as functional_amount
    from balance
    where known_to = never() and effective_from <= getvariable('as_of') and kind not in ('interest', 'unbilled')
),
kept as (select * from step where day <= getvariable('as_of'))
select company, currency, basis.basis, is_credit, day,
    case when is_credit then null else case basis.basis
        when 'original_due_date' then original_due_date when 'document_date' then document_date
        when 'posting_date' then accounting_date else due_date end end as basis_date,
    sum(document_amount) as document_amount, sum(functional_amount) as functional_amount
from kept
cross join (select distinct basis from bucket) as basis
group by all;

-- An amount enters the bucket of its age on the day it comes; from then on all that has the same basis date moves
-- together. So a change of a balance meets one bucket of each scheme, not fifty.
create table age_unit as
select basis, unit, min(least(lower_bound, upper_bound)) - 1 as youngest,
    max(greatest(lower_bound, upper_bound)) + 1 as oldest
from bucket where bucket <> 'unapplied' group by basis, unit;

create table age_bucket as
select bucket_key, basis, unit, age
from (select *, unnest(range(youngest, oldest + 1)) as age from bucket inner join age_unit using (basis, unit))
where bucket <> 'unapplied' and coalesce(age >= lower_bound, true) and coalesce(age <= upper_bound, true);

-- the smallest number of months after which the day is not past: exactly 12 months old is 12
create macro age_in_months(basis_date, day) as
date_diff('month', basis_date, day)
+ case when day > cast(basis_date + to_months(cast(date_diff('month', basis_date, day) as integer)) as date)
    then 1 else 0 end;

create table trend as
with entry as (
    select company, currency, day, basis, unit,
        greatest(youngest, least(oldest,
            case unit when 'month' then age_in_months(basis_date, day) else day - basis_date end)) as age,
        sum(document_amount) as document_amount, sum(functional_amount) as functional_amount
    from trend_step inner join age_unit using (basis)
    where not is_credit
    group by all
),
total as (
    select company, currency, basis, basis_date, day,
        sum(document_amount) over along as document_amount, sum(functional_amount) over along as functional_amount
    from trend_step where not is_credit
    window along as (partition by company, currency, basis, basis_date order by day rows unbounded preceding)
),
edge as (
    select company, currency, basis, basis_date, bucket_key, 1 as sign,
        case unit when 'month' then cast(basis_date + to_months(lower_bound - 1) as date) + 1
            else basis_date + lower_bound end as day
    from (select distinct company, currency, basis, basis_date from total) inner join bucket using (basis)
    where bucket <> 'unapplied' and lower_bound is not null
    union all
    select company, currency, basis, basis_date, bucket_key, -1,
        case unit when 'month' then cast(basis_date + to_months(upper_bound) as date) else basis_date + upper_bound end
        + 1
    from (select distinct company, currency, basis, basis_date from total) inner join bucket using (basis)
    where bucket <> 'unapplied' and upper_bound is not null
),
event as (
    select company, currency, bucket_key, day, document_amount, functional_amount
    from entry inner join age_bucket using (basis, unit, age)
    union all
    select edge.company, edge.currency, edge.bucket_key, edge.day, edge.sign * total.document_amount,
        edge.sign * total.functional_amount
    from edge
    asof join total
        on edge.company = total.company and edge.currency = total.currency and edge.basis = total.basis
        and edge.basis_date = total.basis_date and edge.day > total.day
    union all
    select company, currency, bucket_key, day, document_amount, functional_amount
    from trend_step inner join bucket using (basis)
    where is_credit and bucket = 'unapplied'
),
daily as (
    select company, currency, bucket_key, day, sum(document_amount) as document_amount,
        sum(functional_amount) as functional_amount
    from event where day <= getvariable('as_of')
    group by company, currency, bucket_key, day
),
spine as (
    select scope.company, scope.currency, bucket.bucket_key,
        cast(unnest(range(first_day, getvariable('as_of') + 1, interval 1 day)) as date) as day
    from (select company, currency, min(day) as first_day from daily group by company, currency) as scope
    cross join bucket
)
select spine.day, spine.company, spine.currency, spine.bucket_key,
    sum(coalesce(daily.document_amount, 0)) over running as document_amount,
    sum(coalesce(daily.functional_amount, 0)) over running as functional_amount
from spine
left join daily
    on spine.company = daily.company and spine.currency = daily.currency and spine.bucket_key = daily.bucket_key
    and spine.day = daily.day
window running as (partition by spine.company, spine.currency, spine.bucket_key order by spine.day
    rows unbounded preceding)
order by spine.bucket_key, spine.day, spine.company, spine.currency;
