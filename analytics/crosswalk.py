"""Crosswalk: which customers, seen under several ids, may be one, and why.

Belongs here: evidence for and against a pair, and which pairs are worth a question. Must not: merging anything; a pair
counts as one customer once a person has said so in the crosswalk file (ingest/crosswalk_file.py), and never before.

Evidence is weighed in points. A pair is proposed when its reasons alone reach `PROPOSED_FROM`; doubts lower the score,
are said, and never silence a strong reason. Customers already confirmed as one are one party here, with all that is
known of each; two parties of which any two members were decided different are not asked about again.

Inside a group that shares a value each party is paired with the first of the group only (the first from which it was
not decided different), so n customers give n - 1 questions and the cost is linear in customers.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from analytics.crosswalk_text import CHINESE, ENGLISH, sentence
from analytics.customer_names import Name, comparable, similarity
from analytics.customer_numbers import SHORTEST_NUMBER, comparable_number, forms_of, is_placeholder, masked

Customer = tuple[str, str]
"""Company code and customer id."""

PROPOSED_FROM = 30
POINTS = {
    "tax_id": 60,
    "name": 50,
    "bank_account": 40,
    # inside one company a number is given once; two companies number independently
    "leading_zeros": 30,
    "leading_zeros_elsewhere": 15,
    # thousands of people are called 王伟
    "person_name": 15,
    "near_name": 15,
    "near_name_alone": 30,
    "different_tax_id": -40,
    "different_country": -25,
    "different_name": -10,
}
NEAR_NAME = 0.85
"""From here a near name is a reason beside others."""
NEAR_NAME_ALONE = 0.92
"""From here it is one by itself: one character in thirteen, or two in twenty-five."""
NEAREST_NAMES = 3
"""Each name is compared with so many behind it in alphabetical order, forwards and backwards (sorted neighbourhood)."""
MOST_NAMES_OF_A_NUMBER = 10
"""A tax id or account under more names than this belongs to nobody: a placeholder, or a payment platform."""

COLUMNS: dict[str, pl.DataType] = {
    "company_code": pl.String(),
    "customer_id": pl.String(),
    "name": pl.String(),
    "party_company_code": pl.String(),
    "party_id": pl.String(),
    "party_name": pl.String(),
    "score": pl.Int64(),
    "reasons": pl.List(pl.String()),
    "doubts": pl.List(pl.String()),
    "sentence_en": pl.String(),
    "sentence_zh": pl.String(),
}


@dataclass
class _Party:
    """One customer, or several that were confirmed as one."""

    main: Customer
    name: str = ""
    onboarded_on: date | None = None
    is_person: bool = False
    members: list[Customer] = field(default_factory=list)
    names: dict[str, Name] = field(default_factory=dict)
    # comparable tax id to the one that is shown, and the country that it is of
    tax_ids: dict[str, str] = field(default_factory=dict)
    countries: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)

    @property
    def order(self) -> tuple[date, str, str]:
        """The first of two is the suggested main id: onboarded earliest, then the smaller id."""
        company_code, customer_id = self.main
        return self.onboarded_on or date.max, customer_id, company_code


@dataclass(frozen=True)
class _Evidence:
    reasons: dict[str, int]
    doubts: dict[str, int]
    values: dict[str, str]

    @property
    def is_enough(self) -> bool:
        return sum(self.reasons.values()) >= PROPOSED_FROM

    @property
    def score(self) -> int:
        return max(1, min(100, sum(self.reasons.values()) + sum(self.doubts.values())))


def propose(customers: pl.DataFrame, accounts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Pairs of ids that may be one customer, best first.

    Args:
        customers: company_code, customer_id, name, tax_id, country, and where there are any customer_type and
            onboarded_on. One row per customer; name is null where no master data says it.
        accounts: name, account: whose payments came from which account, as the bank writes it.
        known: company_code, customer_id, party_company_code, party_id, decision (same, different).

    Returns:
        `COLUMNS`. The pair's first id is proposed to become one of the party of the second. Tax ids and accounts are
        masked, and so are names of individuals (accounting F5).
    """
    parties = _parties(customers, known)
    shared = _shared_accounts(accounts)
    _give_accounts(parties, shared)
    apart = _apart(parties, known)
    found = []
    for one, other in sorted(_candidates(parties, shared, apart)):
        main, second = sorted((parties[one], parties[other]), key=lambda party: party.order)
        evidence = _weigh(second, main)
        if evidence.is_enough:
            found.append(_row(second, main, evidence))
    found.sort(key=lambda row: (-row["score"], row["company_code"], row["customer_id"], row["party_id"]))
    return pl.DataFrame(found, schema=COLUMNS)


def _parties(customers: pl.DataFrame, known: pl.DataFrame) -> list[_Party]:
    """Customers grouped by what was confirmed, in the order in which one is the main one."""
    group = _confirmed(known)
    parties: dict[Customer, _Party] = {}
    rows = sorted(customers.iter_rows(named=True), key=lambda row: (row["company_code"], row["customer_id"]))
    for row in rows:
        customer = (row["company_code"], row["customer_id"])
        main = group.get(customer, customer)
        party = parties.setdefault(main, _Party(main))
        party.members.append(customer)
        _add_member(party, row, is_main=customer == main)
    for text, owners in _owners(parties.values(), lambda party: party.tax_ids).items():
        if _is_crowded(owners):
            for party in owners:
                del party.tax_ids[text]
    return sorted(parties.values(), key=lambda party: party.order)


def _add_member(party: _Party, row: dict[str, Any], *, is_main: bool) -> None:
    name = comparable(row["name"])
    if name.core:
        party.names[name.core] = name
    country = (row["country"] or "").strip().upper()
    is_person = row.get("customer_type") == "individual"
    party.countries.update({country} - {""})
    shown = comparable_number(row["tax_id"])
    if shown and not is_placeholder(shown):
        party.tax_ids.update(dict.fromkeys(forms_of(shown, country=country, is_person=is_person), shown))
    party.is_person |= is_person
    if is_main or not party.name:
        party.name = row["name"] or ""
    if is_main:
        party.onboarded_on = row.get("onboarded_on")


def _confirmed(known: pl.DataFrame) -> dict[Customer, Customer]:
    """Each confirmed customer to its main one: the end of the chain, which is told to be nobody else."""
    leader: dict[Customer, Customer] = {}
    told: set[Customer] = set()

    def leader_of(customer: Customer) -> Customer:
        while leader.setdefault(customer, customer) != customer:
            leader[customer] = leader[leader[customer]]
            customer = leader[customer]
        return customer

    for customer, party in _pairs(known, "same"):
        told.add(customer)
        leader[leader_of(customer)] = leader_of(party)
    members: dict[Customer, list[Customer]] = defaultdict(list)
    for customer in leader:
        members[leader_of(customer)].append(customer)
    return {
        customer: min(group, key=lambda member: (member in told, member))
        for group in members.values()
        for customer in group
    }


def _pairs(known: pl.DataFrame, decision: str) -> Iterator[tuple[Customer, Customer]]:
    for row in known.iter_rows(named=True):
        if row["decision"] == decision:
            yield (row["company_code"], row["customer_id"]), (row["party_company_code"], row["party_id"])


def _apart(parties: Sequence[_Party], known: pl.DataFrame) -> set[frozenset[int]]:
    """Positions of two parties that are not one."""
    position = {member: at for at, party in enumerate(parties) for member in (party.main, *party.members)}
    return {
        frozenset((position[one], position[other]))
        for one, other in _pairs(known, "different")
        if one in position and other in position
    }


def _shared_accounts(accounts: pl.DataFrame) -> dict[str, set[str]]:
    """Accounts from which payments came under several names, to these names.

    One under a single name says no more than the name; one under many is that of a payment platform.
    """
    payers: dict[str, set[str]] = defaultdict(set)
    for name, account in accounts.select("name", "account").unique().iter_rows():
        number, core = comparable_number(account), comparable(name).core
        # digits that a bank hides may be any
        if core and len(number) >= SHORTEST_NUMBER and "*" not in account:
            payers[number].add(core)
    return {number: cores for number, cores in payers.items() if 1 < len(cores) <= MOST_NAMES_OF_A_NUMBER}


def _give_accounts(parties: Iterable[_Party], shared: dict[str, set[str]]) -> None:
    of_name: dict[str, set[str]] = defaultdict(set)
    for account, cores in shared.items():
        for core in cores:
            of_name[core].add(account)
    for party in parties:
        paid = [of_name[core] for core in party.names if core in of_name]
        # customers of one name share one set: it is never changed
        party.accounts = paid[0] if len(paid) == 1 else set().union(*paid)


def _owners(parties: Iterable[_Party], values: Callable[[_Party], Iterable[str]]) -> dict[str, list[_Party]]:
    owners: dict[str, list[_Party]] = defaultdict(list)
    for party in parties:
        for value in values(party):
            owners[value].append(party)
    return owners


def _is_crowded(owners: Sequence[_Party]) -> bool:
    return len({core for party in owners for core in party.names}) > MOST_NAMES_OF_A_NUMBER


def _candidates(
    parties: Sequence[_Party], shared: dict[str, set[str]], apart: set[frozenset[int]]
) -> set[tuple[int, int]]:
    """Positions of pairs that share something; linear in customers, but for what was decided different."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, party in enumerate(parties):
        for key in {
            *(("tax_id", text) for text in party.tax_ids),
            *(("name", core) for core in party.names),
            *(("number", company, _without_zeros(number)) for company, number in party.members),
        }:
            groups[key].append(position)
    by_core = {key[1]: members[0] for key, members in groups.items() if key[0] == "name"}
    for account, cores in shared.items():
        groups["account", account] = sorted({by_core[core] for core in cores if core in by_core})
    pairs: set[tuple[int, int]] = set()
    for members in groups.values():
        for second in members:
            first = next((each for each in members if frozenset((each, second)) not in apart), second)
            if first < second:
                pairs.add((first, second))
    names = {core: parties[at].names[core] for core, at in by_core.items()}
    for one, other in _neighbours(by_core):
        first, second = sorted((by_core[one], by_core[other]))
        is_open = first != second and frozenset((first, second)) not in apart
        if is_open and similarity(names[one], names[other]) >= NEAR_NAME:
            pairs.add((first, second))
    return pairs


def _neighbours(cores: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names that stand close together in alphabetical order, read forwards or backwards."""
    for ordered in (sorted(cores), sorted(cores, key=lambda core: core[::-1])):
        for at, core in enumerate(ordered):
            for other in ordered[at + 1 : at + 1 + NEAREST_NAMES]:
                yield core, other


def _without_zeros(number: str) -> str:
    return number.lstrip("0") or "0"


def _weigh(second: _Party, main: _Party) -> _Evidence:
    """Everything that speaks for and against the two being one, whichever value brought them together."""
    reasons: dict[str, int] = {}
    doubts: dict[str, int] = {}
    values = {"name": _shown_name(second), "party_name": _shown_name(main)}
    _weigh_tax_ids(second, main, reasons, doubts, values)
    _weigh_names(second, main, reasons, doubts, values)
    _weigh_numbers(second, main, reasons, values)
    order = [code for code in POINTS if code in reasons]
    return _Evidence({code: reasons[code] for code in order}, doubts, values)


def _weigh_tax_ids(
    second: _Party, main: _Party, reasons: dict[str, int], doubts: dict[str, int], values: dict[str, str]
) -> None:
    shared = sorted(second.tax_ids.keys() & main.tax_ids.keys())
    countries_differ = bool(second.countries and main.countries) and not second.countries & main.countries
    if shared:
        reasons["tax_id"] = POINTS["tax_id"]
        values["tax_id"] = masked(second.tax_ids[shared[0]])
    elif second.tax_ids and main.tax_ids and not countries_differ:
        doubts["different_tax_id"] = POINTS["different_tax_id"]
        values["tax_id_one"] = masked(min(second.tax_ids.values()))
        values["tax_id_other"] = masked(min(main.tax_ids.values()))
    if countries_differ:
        doubts["different_country"] = POINTS["different_country"]
        values["country_one"], values["country_other"] = (
            "/".join(sorted(party.countries)) for party in (second, main)
        )


def _weigh_names(
    second: _Party, main: _Party, reasons: dict[str, int], doubts: dict[str, int], values: dict[str, str]
) -> None:
    shared = sorted(second.names.keys() & main.names.keys())
    if shared:
        is_person = second.is_person or main.is_person or all(second.names[core].is_short for core in shared)
        code = "person_name" if is_person else "name"
        reasons[code] = POINTS[code]
        values["names"] = " = ".join(dict.fromkeys((values["name"], values["party_name"])))
        return
    if second.accounts & main.accounts:
        reasons["bank_account"] = POINTS["bank_account"]
        values["account"] = masked(min(second.accounts & main.accounts))
    alike = max(
        (similarity(one, other) for one in second.names.values() for other in main.names.values()),
        default=0.0,
    )
    is_doubtful = second.is_person or main.is_person or "different_tax_id" in doubts
    if alike >= NEAR_NAME and not is_doubtful:
        reasons["near_name"] = POINTS["near_name_alone" if alike >= NEAR_NAME_ALONE else "near_name"]
        values["similarity"] = f"{alike:.0%}"
    elif second.names and main.names and "bank_account" not in reasons:
        doubts["different_name"] = POINTS["different_name"]


def _weigh_numbers(second: _Party, main: _Party, reasons: dict[str, int], values: dict[str, str]) -> None:
    """Ids equal apart from leading zeros; of several such pairs one inside a company counts."""
    equal = [
        (own != company, number, other)
        for own, number in second.members
        for company, other in main.members
        if number != other and _without_zeros(number) == _without_zeros(other)
    ]
    if equal:
        is_elsewhere, values["customer_id"], values["party_id"] = min(equal)
        reasons["leading_zeros"] = POINTS["leading_zeros_elsewhere" if is_elsewhere else "leading_zeros"]


def _shown_name(party: _Party) -> str:
    return f"{party.name[:1]}**" if party.is_person else party.name


def _row(second: _Party, main: _Party, evidence: _Evidence) -> dict[str, Any]:
    reasons, doubts = list(evidence.reasons), list(evidence.doubts)
    texts = [
        sentence(reasons, doubts, values=evidence.values, language=language)
        for language in (ENGLISH, CHINESE)
    ]
    return {
        "company_code": second.main[0],
        "customer_id": second.main[1],
        "name": _shown_name(second),
        "party_company_code": main.main[0],
        "party_id": main.main[1],
        "party_name": _shown_name(main),
        "score": evidence.score,
        "reasons": reasons,
        "doubts": doubts,
        "sentence_en": texts[ENGLISH],
        "sentence_zh": texts[CHINESE],
    }
