"""Customers of the bulk simulator: who they are, how large they are, how they pay.

Belongs here: rows of customer with their later versions, and habits and sizes as columns. Does not: documents.

Characters: early (takes discounts), punctual, late, month_end (one run a month, just before its end), deteriorating
(ever later from the day it turns), seasonal (slow in winter), erratic, failing (pays nothing from the day it turns).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import numpy as np

from ingest.simulator.book import Row
from ingest.simulator.bulk.calendar import day_number
from ingest.simulator.bulk.columns import Columns, Ints, generator
from ingest.simulator.days import HISTORY_END, HISTORY_START
from ingest.simulator.model import Company
from ingest.simulator.names import (
    CHINESE_COLLECTORS,
    CHINESE_REGIONS,
    CHINESE_SALES,
    WESTERN_COLLECTORS,
    WESTERN_COUNTRIES,
    WESTERN_REGIONS,
    WESTERN_SALES,
    NameMaker,
)
from ingest.simulator.terms import CHINESE_TERMS, FOREIGN_TERMS, Terms

CHARACTERS = ("early", "punctual", "late", "month_end", "deteriorating", "seasonal", "erratic", "failing")
_CHARACTER_WEIGHTS = (12, 46, 15, 12, 4, 5, 5, 1)
_NATURES = ("manufacturer", "project", "retail_chain", "other")
_NATURE_WEIGHTS = (40, 22, 26, 12)
# Thousandths of the customers that are billed in a foreign currency only, and half and half: 15 % of the documents.
_FOREIGN_ONLY, _HALF_FOREIGN = 90, 120
_DOCUMENTS_PER_CUSTOMER = 250
_HANDOVER = date(2025, 9, 1)


@dataclass(frozen=True, slots=True)
class Customers:
    """The customers of one company, in order of number.

    `columns`: documents, foreign_share, currency (position in `currencies`), terms (position in `terms`),
    character, turns_on, weekday (of payment, or NONE), price, onboarded_on.
    """

    columns: Columns
    currencies: tuple[str, ...]
    terms: tuple[Terms, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    sales_owners: tuple[str, ...]
    versions: tuple[tuple[date, Row], ...]


def make_customers(company: Company, *, documents: int, seed: int) -> Customers:
    """Draw the customers of a company that receive so many documents together."""
    count = max(documents // _DOCUMENTS_PER_CUSTOMER, 8)
    rng = Random(f"{seed}|bulk|{company.code}|customers")
    names = NameMaker(rng)
    terms = _terms(company)
    sizes = _shares(documents, count, generator(seed, company.code, "sizes"))
    foreign_shares = _foreign_shares(sizes)
    # long terms are rarer than short ones
    term_weights = [6 if each.cutoff_day is None and each.days_after <= 30 else 1 for each in terms]
    versions: list[tuple[date, Row]] = []
    drawn: list[tuple[int, ...]] = []
    rows: list[Row] = []
    for position in range(count):
        share = int(foreign_shares[position])
        character = rng.choices(range(len(CHARACTERS)), _CHARACTER_WEIGHTS)[0]
        term = rng.choices(range(len(terms)), term_weights)[0]
        onboarded = _onboarded(rng)
        turns_on = date(2024, 9, 1) + timedelta(days=rng.randrange(580))
        row = _row(rng, names, company, position=position, is_foreign=share == 1000, terms=terms[term].text)
        row["onboarded_on"] = onboarded
        if rows and rng.randrange(8) == 0:
            # the first customer is the sister company, and nobody's parent
            parent = 1 + rng.randrange(max(len(rows) // 12, 1))
            row["parent_customer_id"] = rows[parent]["customer_id"] if parent < len(rows) else None
        rows.append(row)
        versions.append((HISTORY_START, row))
        versions += _later(row, character=CHARACTERS[character], turns_on=turns_on, company=company)
        drawn.append(
            (
                share,
                rng.choices((1, 2), (70, 30))[0],
                term,
                character,
                day_number(turns_on),
                rng.choice((-1, -1, 1, 2, 3, 4)),
                int(20_000 * 10 ** (rng.randrange(1700) / 1000)),
                day_number(onboarded),
            )
        )
    names_of_columns = (
        "foreign_share", "currency", "terms", "character", "turns_on", "weekday", "price", "onboarded_on"
    )  # fmt: skip
    matrix = np.array(drawn, dtype=np.int64).T
    columns = dict(zip(names_of_columns, matrix, strict=True))
    columns["documents"] = sizes
    return Customers(
        columns=columns,
        currencies=(company.functional, "USD", "EUR" if company.functional == "CNY" else "CNY"),
        terms=terms,
        numbers=tuple(str(row["customer_id"]) for row in rows),
        names=tuple(str(row["name"]) for row in rows),
        sales_owners=tuple(str(row["sales_owner"]) for row in rows),
        versions=tuple(versions),
    )


def _shares(documents: int, count: int, rng: np.random.Generator) -> Ints:
    """Whole numbers of documents that sum up, of sizes as skewed as those of real customers."""
    weights = np.exp(1.5 * rng.standard_normal(count))
    bounds = np.floor(np.cumsum(weights) / weights.sum() * documents + 0.5).astype(np.int64)
    bounds[-1] = documents
    sizes: Ints = np.diff(bounds, prepend=0)
    return sizes


def _foreign_shares(sizes: Ints) -> Ints:
    """Thousandths of the documents in the foreign currency, spread evenly over large and small customers."""
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    # multiples of the golden section fall evenly between 0 and 1, wherever one stops
    even = (rank * 618_034 + 500_000) % 1_000_000 // 1000
    return np.where(even < _FOREIGN_ONLY, 1000, np.where(even < _FOREIGN_ONLY + _HALF_FOREIGN, 500, 0))


def _terms(company: Company) -> tuple[Terms, ...]:
    """Terms that run from the document date by days and month ends, which is what billing.py computes."""
    return tuple(
        each
        for each in (CHINESE_TERMS if company.country == "CN" else FOREIGN_TERMS)
        if each.basis == "document_date" and not each.is_immediate and not each.months_after
        if each.cutoff_day in (None, 31) and each.day_of_month is None
    )


def _onboarded(rng: Random) -> date:
    if rng.randrange(5):
        return HISTORY_START - timedelta(days=rng.randrange(30, 3000))
    return HISTORY_START + timedelta(days=rng.randrange((HISTORY_END - HISTORY_START).days - 150))


def _row(
    rng: Random, names: NameMaker, company: Company, *, position: int, is_foreign: bool, terms: str
) -> Row:
    is_chinese = (company.country == "CN") != is_foreign
    nature = rng.choices(_NATURES, _NATURE_WEIGHTS)[0]
    country = "CN" if is_chinese else rng.choice(WESTERN_COUNTRIES)
    name, industry = names.chinese(nature) if is_chinese else names.western(nature, country)
    is_home_chinese = company.country == "CN"
    row: Row = {
        "company_code": company.code,
        "customer_id": f"{'K' if is_home_chinese else 'D'}{position + 1:06d}",
        "name": name,
        "tax_id": f"{country}{rng.randrange(10**9):09d}",
        "customer_type": "enterprise",
        "deal_nature": nature,
        "ownership": rng.choice(("private", "private", "local_soe", "central_soe"))
        if is_chinese
        else "foreign",
        "size_class": rng.choice(("large", "medium", "medium", "small", "small", "micro")),
        "industry": industry,
        "region": rng.choice(CHINESE_REGIONS if is_chinese else WESTERN_REGIONS),
        "country": country,
        "related_party": "none",
        "payment_terms": terms,
        "sales_owner": rng.choice(CHINESE_SALES if is_home_chinese else WESTERN_SALES),
        "collector": rng.choice(CHINESE_COLLECTORS if is_home_chinese else WESTERN_COLLECTORS),
        "status": "active",
        "contact_email": f"ap{position + 1:06d}@example.com",
    }
    if position == 0:
        row |= {"related_party": "group", "counterparty_company_code": company.sister}
    return row


def _later(row: Row, *, character: str, turns_on: date, company: Company) -> list[tuple[date, Row]]:
    """The handover of a collector; failing customers are put on hold, then sued."""
    collectors = CHINESE_COLLECTORS if company.country == "CN" else WESTERN_COLLECTORS
    versions: list[tuple[date, Row]] = []
    if character == "failing":
        row = {**row, "status": "hold"}
        versions.append((turns_on + timedelta(days=100), row))
        row = {**row, "status": "legal"}
        versions.append((turns_on + timedelta(days=220), row))
    elif row["collector"] == collectors[0]:
        versions.append((_HANDOVER, {**row, "collector": collectors[1]}))
    return versions
