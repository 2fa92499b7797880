"""Odoo 17: the tables of its database that hold receivables, as the demo company would have filled them.

Belongs here: which entries and reconciliations a document, receipt or settlement leaves in Odoo. Must not: how they are
read (ingest/profiles/odoo.yml).

Odoo has one date per entry, no bills, no history of reconciliations and no reasons; what the demo group tells beyond
that stands in fields of its own (x_studio_*), and a settlement undone in a second reconciliation that names the first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from ingest.simulator.dialects.model import Dialect, Record, State, Stored, StoredValue
from ingest.simulator.dialects.odoo_rows import (
    COUNTERPARTS,
    MOVE_TYPES,
    OWN,
    OWN_MOVE_FIELDS,
    OWN_PARTNER_FIELDS,
    OWN_RECEIPT_FIELDS,
    Rows,
    add_line,
    add_move,
    amount_of,
    partner_columns,
    translated,
)
from ingest.simulator.dialects.terms import WORDINGS, is_after_month_end, is_net, percentage


def _build(state: State) -> Mapping[str, list[Stored]]:
    rows = Rows()
    home = _home(state)
    companies = _companies(state, rows=rows, home=home)
    _partners(state, rows=rows, companies=companies)
    lines = _documents(state, rows=rows, companies=companies, home=home)
    lines |= _receipts(state, rows=rows, companies=companies, home=home)
    _partials(state, rows=rows, companies=companies, lines=lines, home=home)
    for row in state.get("fx_rate", {}).values():
        rows.add(
            "res_currency_rate",
            name=row["rate_date"],
            currency_id=rows.currency(row["from_currency"]),
            company_id=min(companies.values()),
            rate=1 / float(row["rate"]),
            **{f"{OWN}rate_type": row["rate_type"] or None, f"{OWN}source": row["source"] or None},
        )
    return rows.tables


def _companies(state: State, *, rows: Rows, home: str) -> Mapping[str, int]:
    """Companies by code: those with books, and those behind a customer, whose partner is that customer."""
    codes = sorted({row["company_code"] for row in state.get("customer", {}).values()})
    related = {
        row["counterparty_company_code"]: row["customer_id"] for row in state.get("customer", {}).values()
    }
    discount = rows.account(*COUNTERPARTS["discount"])
    found = {}
    home_currency = rows.currency(home)
    for code in [*codes, *sorted(set(related) - {"", *codes})]:
        partner = (
            _customer_number(related[code], rows=rows)
            if code in related
            else rows.once("res_partner", f"company:{code}", partial(partner_columns, name=code))
        )
        found[code] = rows.add(
            "res_company",
            name=code,
            partner_id=partner,
            currency_id=home_currency,
            currency_exchange_journal_id=rows.journal("general", "exchange"),
            account_journal_early_pay_discount_loss_account_id=discount,
        )
    return {code: found[code] for code in codes} or found


def _customer_number(customer: str, *, rows: Rows) -> int:
    """The number of a partner, before its row is written."""
    key = ("res_partner", f"customer:{customer}")
    if key not in rows.numbers:
        rows.numbers[key] = next(rows.next_number)
    return rows.numbers[key]


def _partners(state: State, *, rows: Rows, companies: Mapping[str, int]) -> None:
    for row in state.get("customer", {}).values():
        number = _customer_number(row["customer_id"], rows=rows)
        industry = row["industry"]
        own = {f"{OWN}{name}": row[column] or None for name, column in OWN_PARTNER_FIELDS.items()}
        country = rows.once("res_country", row["country"], partial(dict, code=row["country"] or None))
        region = rows.once("res_country_state", row["region"], partial(dict, name=row["region"] or None))
        columns = partner_columns(
            name=row["name"],
            ref=row["customer_id"],
            company_id=companies[row["company_code"]],
            parent_id=_customer_number(row["parent_customer_id"], rows=rows)
            if row["parent_customer_id"]
            else None,
            commercial_partner_id=number,
            vat=row["tax_id"] or None,
            is_company=int(row["customer_type"] == "enterprise"),
            active=int(row["status"] != "closed"),
            country_id=country,
            state_id=region,
            industry_id=rows.once("res_partner_industry", industry, partial(dict, name=translated(industry))),
            user_id=rows.user(row["sales_owner"]),
            customer_rank=1,
            create_date=f"{row['onboarded_on']} 08:30:00" if row["onboarded_on"] else None,
            phone=row["contact_phone"] or None,
            email=row["contact_email"] or None,
            street=row["contact_address"] or None,
            **own,
            **{f"{OWN}credit_status": row["status"] if row["status"] in ("hold", "legal") else None},
        )
        rows.tables["res_partner"].append({"id": number, **columns})


@dataclass(frozen=True)
class _Item:
    """What a reconciliation needs to know of a document or receipt: its lines by instalment, and how they are kept."""

    lines: Mapping[str, int]
    currency: str
    account: str
    customer: str


_Items = dict[tuple[str, str, str], _Item]


def _home(state: State) -> str:
    """The currency of the company: the one in which nothing needs a value in the currency of the company."""
    booked = [*state.get("document", {}).values(), *state.get("receipt", {}).values()]
    foreign = {row["currency"] for row in booked if row["functional_amount"]}
    (home,) = {row["currency"] for row in booked} - foreign
    return home


def _shared(
    rows: Rows, *, move: int, partner: int | None, currency: str, home: str, reconciled: int = 0
) -> Mapping[str, StoredValue]:
    """What the journal items of one entry have in common."""
    return {
        "move_id": move,
        "partner_id": partner,
        "currency_id": rows.currency(currency),
        "is_home": currency == home,
        "reconciled": reconciled,
    }


def _documents(state: State, *, rows: Rows, companies: Mapping[str, int], home: str) -> _Items:
    parts: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for part in state.get("instalment", {}).values():
        parts[part["company_code"], part["document_id"]].append(part)
    items: _Items = {}
    for row in state.get("document", {}).values():
        amount, functional = amount_of(row["amount"]) or 0.0, amount_of(row["functional_amount"])
        kind = row["document_type"]
        # a negative invoice is a credit note in Odoo
        if kind == "credit_note" or (kind == "invoice" and amount < 0):
            kind, sign = "credit_note", -1
        else:
            sign = 1
        amount, functional = (
            sign * abs(amount) if kind in MOVE_TYPES else amount,
            None if functional is None else sign * abs(functional) if kind in MOVE_TYPES else functional,
        )
        tax = amount_of(row["tax_amount"])
        customer = _customer_number(row["customer_id"], rows=rows) if row["customer_id"] else None
        is_revaluation = kind == "debit_note" and amount == 0
        terms = row["payment_terms"]
        move = add_move(
            rows,
            name=row["document_id"],
            move_type=MOVE_TYPES.get(
                kind, "entry" if is_revaluation or kind == "opening_balance" else "out_invoice"
            ),
            state="cancel" if row["is_cancelled"] == "true" else "posted",
            date=row["posting_date"] or row["document_date"],
            invoice_date=row["document_date"],
            invoice_date_due=row["due_date"] or None,
            company_id=companies[row["company_code"]],
            journal_id=rows.journal("general" if is_revaluation or kind == "opening_balance" else "sale"),
            commercial_partner_id=customer,
            invoice_payment_term_id=_term(terms, rows=rows) if terms else None,
            invoice_user_id=rows.user(row["salesperson"]),
            ref=row["reference"] or None,
            invoice_origin=row["sales_order"] or None,
            amount_tax=None if tax is None else abs(tax),
            delivery_date=row["delivery_date"] or None,
            **{f"{OWN}{name}": row[column] or None for name, column in OWN_MOVE_FIELDS.items()},
            **{f"{OWN}kind": None if kind in MOVE_TYPES or is_revaluation else kind},
        )
        shared = _shared(rows, move=move, partner=customer, currency=row["currency"], home=home)
        receivable = rows.account(row["control_account"] or "1122", "asset_receivable")
        lines = {}
        own_parts = sorted(
            parts[row["company_code"], row["document_id"]], key=lambda p: int(p["instalment_no"])
        )
        for part in own_parts or [{}]:
            share = sign * float(part["amount"]) if part else amount
            booked = functional if functional is None or not part else functional * share / amount
            lines[part.get("instalment_no", "")] = add_line(
                rows,
                amount=share,
                functional=booked,
                account_id=receivable,
                date_maturity=part.get("due_date") or row["due_date"] or None,
                **shared,
                **{f"{OWN}retention": 1 if part.get("kind") == "retention" else None},
                **{f"{OWN}unconditional_on": part.get("unconditional_on") or None},
            )
        other = None if functional is None else -functional
        add_line(
            rows,
            amount=-amount,
            functional=other,
            account_id=rows.account(*COUNTERPARTS["document"]),
            **shared,
        )
        of_kind = "credit_note" if kind == "credit_note" else "document"
        item = _Item(lines, row["currency"], row["control_account"] or "1122", row["customer_id"])
        items[row["company_code"], of_kind, row["document_id"]] = item
        items[row["company_code"], "document", row["document_id"]] = item
    return items


def _receipts(state: State, *, rows: Rows, companies: Mapping[str, int], home: str) -> _Items:
    items: _Items = {}
    for row in state.get("receipt", {}).values():
        amount, functional = -(amount_of(row["amount"]) or 0.0), amount_of(row["functional_amount"])
        customer = _customer_number(row["customer_id"], rows=rows) if row["customer_id"] else None
        move = add_move(
            rows,
            name=row["receipt_id"],
            move_type="entry",
            state="posted",
            date=row["posting_date"] or row["receipt_date"],
            company_id=companies[row["company_code"]],
            journal_id=rows.journal("bank", row["bank_account"]),
            commercial_partner_id=customer,
            ref=row["reference"] or None,
            **{f"{OWN}{name}": row[column] or None for name, column in OWN_RECEIPT_FIELDS.items()},
        )
        shared = _shared(rows, move=move, partner=customer, currency=row["currency"], home=home)
        receivable = rows.account(row["control_account"] or "1122", "asset_receivable")
        booked = None if functional is None else -functional
        line = add_line(rows, amount=amount, functional=booked, account_id=receivable, **shared)
        add_line(
            rows,
            amount=-amount,
            functional=functional,
            account_id=rows.account(*COUNTERPARTS["receipt"]),
            **shared,
        )
        item = _Item({"": line}, row["currency"], row["control_account"] or "1122", row["customer_id"])
        for kind in ("receipt", "refund"):
            items[row["company_code"], kind, row["receipt_id"]] = item
    return items


def _partials(state: State, *, rows: Rows, companies: Mapping[str, int], lines: _Items, home: str) -> None:
    entries: dict[tuple[str, str], int] = {}
    for row in state.get("allocation", {}).values():
        company = row["company_code"]
        settled = lines[company, row["to_kind"], row["to_id"]]
        # without a due date named, the first line stands for the whole
        debit = settled.lines.get(row["to_instalment_no"]) or next(iter(settled.lines.values()))
        used = lines.get((company, row["from_kind"], row["from_id"]))
        if used is not None:
            credit = next(iter(used.lines.values()))
        else:
            key = (company, row["reverses_allocation_id"] or row["allocation_id"])
            if key not in entries:
                entries[key] = _entry(row, rows=rows, companies=companies, settled=settled, home=home)
            credit = entries[key]
        is_whole = len(settled.lines) > 1 and not row["to_instalment_no"]
        rows.add(
            "account_partial_reconcile",
            debit_move_id=debit,
            credit_move_id=credit,
            max_date=row["allocated_on"],
            debit_amount_currency=float(row["amount"]),
            credit_amount_currency=float(row["from_amount"] or row["amount"]),
            **{
                f"{OWN}number": row["allocation_id"],
                f"{OWN}whole_document": 1 if is_whole else None,
                f"{OWN}undoes": row["reverses_allocation_id"] or None,
                f"{OWN}reason": row["reason"] or None,
                f"{OWN}approved_by": row["approved_by"] or None,
                f"{OWN}approved_on": row["approved_on"] or None,
            },
        )


def _entry(row: Record, *, rows: Rows, companies: Mapping[str, int], settled: _Item, home: str) -> int:
    """The credit line of the entry that books a discount, a write-off or an offset."""
    move = add_move(
        rows,
        name=f"MISC/{row['allocation_id']}",
        move_type="entry",
        state="posted",
        date=row["allocated_on"],
        company_id=companies[row["company_code"]],
        journal_id=rows.journal("general"),
        ref=row["from_id"] or None,
    )
    amount = float(row["amount"])
    partner = _customer_number(settled.customer, rows=rows)
    shared = _shared(rows, move=move, partner=partner, currency=settled.currency, home=home, reconciled=1)
    receivable = rows.account(settled.account, "asset_receivable")
    credit = add_line(
        rows, amount=-amount, functional=-amount, account_id=receivable, name=row["reason"] or None, **shared
    )
    counterpart = rows.account(*COUNTERPARTS[row["from_kind"]])
    add_line(rows, amount=amount, functional=amount, account_id=counterpart, **shared)
    return credit


def _term(terms: str, *, rows: Rows) -> int:
    """The payment term of that name; with a line where Odoo can count it."""
    known = rows.numbers.get(("account_payment_term", terms))
    if known is not None:
        return known
    wording = WORDINGS.get(terms)
    number = rows.once(
        "account_payment_term",
        terms,
        lambda: {
            "name": translated(terms),
            "company_id": None,
            "early_discount": bool(wording and wording.discount_days),
            "discount_percentage": float(percentage(wording) or 0) if wording else 0,
            "discount_days": wording.discount_days if wording else 0,
        },
    )
    if wording is None or wording.cutoff_day not in (None, 31):
        return number
    delay, days, next_day = "days_after", wording.days_after, None
    if is_after_month_end(wording):
        delay = "days_after_end_of_month"
    elif wording.cutoff_day is not None and wording.months_after:
        delay = "days_after_end_of_next_month"
    elif not is_net(wording):
        delay, days, next_day = (
            "days_end_of_month_on_the",
            wording.days_before,
            str(wording.day_of_month or 0),
        )
    rows.add(
        "account_payment_term_line",
        payment_id=number,
        value="percent",
        value_amount=100.0,
        delay_type=delay,
        nb_days=days,
        days_next_month=next_day,
    )
    return number


TABLES: tuple[str, ...] = (
    *("res_partner", "res_company", "res_country", "res_country_state", "res_partner_industry", "res_users"),
    *("res_currency", "res_currency_rate", "res_partner_bank", "account_account", "account_journal"),
    *(
        "account_payment_term",
        "account_payment_term_line",
        "account_move",
        "account_move_line",
        "account_partial_reconcile",
    ),
)


def _table(state: State, *, name: str) -> Iterable[Stored]:
    return _build(state)[name]


ODOO = Dialect(
    profile="odoo",
    entities=frozenset({"customer", "document", "instalment", "receipt", "allocation", "fx_rate"}),
    make={name: partial(_table, name=name) for name in TABLES},
    is_database=True,
    empty_tables={
        "res_currency_rate": ("id", "name", "currency_id", "company_id", "rate"),
        "account_payment_term": ("id", "name", "company_id"),
        "account_payment_term_line": ("id", "payment_id", "value", "value_amount"),
    },
)
