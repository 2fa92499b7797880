"""The amount of a bank line: which columns, with which sign, on what evidence.

Belongs here: choosing among forms by names, signs and balances. Must not: other columns.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.inspection.amounts import Form, Proof, amounts_of, prove
from ingest.inspection.columns import Facts
from ingest.inspection.dictionary import meanings_of, words
from ingest.inspection.grid import Grid
from ingest.inspection.layout import Written
from ingest.inspection.plan import TEXT_BEHIND, Line, Plan, in_cents
from ingest.inspection.yaml_text import quoted_list

MOST_NUMBER_COLUMNS = 8
_CARD = re.compile(r"card|信用卡|merchant|卡号|visa|mastercard", re.IGNORECASE)
BANK = "bank_transaction"


@dataclass(frozen=True)
class BankAmount:
    """How the amount is told. `signs`: the texts of money out and money in, where a column tells the direction."""

    form: Form
    balance: int | None
    proof: Proof | None
    remark: str
    doubt: str | None
    has_signs: dict[int, tuple[bool, bool]]
    signs: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def balance_remark(self) -> str:
        """What speaks for the column of balances."""
        return (
            f"proven: {self.proof}"
            if self.proof is not None
            else "guess: by its name; the balances do not follow"
        )

    def line(self, plan: Plan, *, facts: Sequence[Facts], written: Written) -> Line:
        """The amount as a line of the feed."""
        doubts = (self.doubt,) if self.doubt else ()
        if any(facts[p].amount_pattern for p in self.form.columns):
            doubts = (*doubts, TEXT_BEHIND)
        names = ("money_in", "money_out") if "columns" in self.form.kind else ("amount", "direction")
        cells = [
            in_cents(facts[p], plan.field_for(name, facts[p].name), decimal=written.numbers.decimal)
            for p, name in zip(self.form.columns, names, strict=False)
        ]
        signed = [self.has_signs.get(p, (False, True))[0] for p in self.form.columns]
        plain = [
            f"{{of: {cell}, magnitude: true}}" if s else cell for cell, s in zip(cells, signed, strict=True)
        ]
        match self.form.kind:
            case "signed":
                cell = cells[0]
            case "negated":
                cell = f"{{of: {cells[0]}, negate: true}}"
            case "direction":
                out, into = (quoted_list(texts) for texts in self.signs)
                cell = f"{{amount: {plain[0]}, sign: {cells[1]}, negative: {out}, positive: {into}}}"
            case "columns":
                cell = f"{{debit: {plain[0]}, credit: {plain[1]}}}"
            case _:
                cell = f"{{debit: {cells[0]}, credit: {cells[1]}}}"
        return Line("amount", cell, self.remark, doubts)


def find_amount(facts: Sequence[Facts], *, grid: Grid, written: Written, file_name: str) -> BankAmount | None:
    """How the amount of a bank line is told in this table; None where nothing suits."""
    figures = [f for f in facts if f.kind == "number" or f.amount_pattern][:MOST_NUMBER_COLUMNS]
    empty = [f for f in facts if f.kind == "empty"]
    roles = {(f.position, role) for f in facts for role in _roles(f)}
    numbers = {f.position: _numbers(f, grid=grid, written=written) for f in [*figures, *empty]}
    named = [
        (f, role)
        for f in [*figures, *empty]
        for role in ("plus", "minus", "value", "balance")
        if (f.position, role) in roles
    ]
    plus, minus, value, balances = (
        [f.position for f, role in named if role == wanted]
        for wanted in ("plus", "minus", "value", "balance")
    )
    plus = [p for p in plus if p not in balances]
    minus = [p for p in minus if p not in balances and p not in plus]
    value = [p for p in value if p not in balances and p not in plus and p not in minus]
    directions = {f.position: f for f in facts if f.codes and (f.position, "sign") in roles}
    signs = {p: _directions(grid.column(p)) for p in directions}
    has_signs = {f.position: (f.marks.has_negative, f.marks.has_positive) for f in figures if f.marks}
    texts = {p: _sign_texts(f) for p, f in directions.items()}
    forms = [Form("columns", (p, m)) for p in plus for m in minus]
    forms += [Form("direction", (v, d)) for v in value for d in directions if all(texts[d])]
    forms += [Form(kind, (v,)) for v in value for kind in ("signed", "negated")]
    if not forms:
        forms = _nameless(figures, balances)
    pairs = [f.columns for f in forms if f.kind == "columns"]
    # a balance may prove the two columns to be those of the owner's books, where debit is money in
    tried = [
        *forms,
        *(Form("raw_columns", columns) for columns in pairs),
        *(Form(kind, columns[::-1]) for columns in pairs for kind in ("columns", "raw_columns")),
    ]
    if not tried:
        return None
    wanted = balances or [f.position for f in figures]
    proof = prove(tried, balances=wanted, numbers=numbers, signs=signs)
    if proof is not None and (proof.tried > 1 or balances):
        form, balance = proof.form, first_balance(proof, balances)
        remark, doubt = f"proven: {proof}", None
        if proof.tried < 3:
            remark = f"likely: {proof}"
    else:
        proof, balance = None, first_balance(None, balances)
        told = f"{grid.above} {' '.join(grid.header)} {file_name}"
        form, remark, doubt = _by_names(forms, numbers, signs, told=told, has_signs=has_signs)
    return BankAmount(form, balance, proof, remark, doubt, has_signs, texts.get(form.columns[-1], ((), ())))


def first_balance(proof: Proof | None, balances: Sequence[int]) -> int | None:
    """The column of balances that is proven, else the first that is called so."""
    return proof.balance if proof is not None else next(iter(balances), None)


def _numbers(f: Facts, *, grid: Grid, written: Written) -> list[Decimal | None]:
    found = []
    for cell in grid.column(f.position):
        match = re.match(f.amount_pattern, cell) if f.amount_pattern else None
        found.append(written.number(match.group(1) if match else cell) if cell else None)
    return found


def _roles(f: Facts) -> set[str]:
    found: dict[str, float] = {}
    for m in meanings_of(f.name):
        if m.entity == BANK and m.column in ("amount", "balance"):
            found[m.role] = max(m.weight, found.get(m.role, 0))
    best = max(found.values(), default=0)
    return {role for role, weight in found.items() if weight >= best - 0.05}


def _nameless(figures: Sequence[Facts], balances: Sequence[int]) -> list[Form]:
    """Forms from values alone: two columns of which each row has one, or any one column."""
    free = [f for f in figures if f.position not in balances]
    pairs = [
        Form("columns", (a.position, b.position))
        for a in free
        for b in free
        if a is not b and a.empty and b.empty and a.filled + b.filled <= a.filled + a.empty
    ]
    return [*pairs, *(Form(kind, (f.position,)) for f in free for kind in ("signed", "negated"))]


def _directions(cells: Sequence[str]) -> list[int]:
    known = words().values[f"{BANK}.sign"]
    return [
        -1 if _is_one(cell, known["negative"]) else 1 if _is_one(cell, known["positive"]) else 0
        for cell in cells
    ]


def _is_one(cell: str, texts: Sequence[str]) -> bool:
    plain = cell.casefold()
    return plain in texts or (len(plain) > 1 and plain[0] in [t for t in texts if not t.isascii()])


def _sign_texts(f: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    known = words().values[f"{BANK}.sign"]
    out = tuple(t for t in f.codes if _is_one(t, known["negative"]))
    into = tuple(t for t in f.codes if t not in out and _is_one(t, known["positive"]))
    if not out and not into:
        return (), ()
    # a month without money in, or without money out: the words of the other side are those of the same language
    is_ascii = all(t.isascii() for t in (*out, *into))
    out = out or tuple(t for t in known["negative"] if t.isascii() == is_ascii)
    return out, into or tuple(t for t in known["positive"] if t.isascii() == is_ascii)


def _by_names(
    forms: Sequence[Form],
    numbers: dict[int, list[Decimal | None]],
    signs: dict[int, list[int]],
    *,
    told: str,
    has_signs: dict[int, tuple[bool, bool]],
) -> tuple[Form, str, str | None]:
    form = forms[0]
    if form.kind == "columns":
        doubt = None
        if any(has_signs.get(p, (False, False)) == (True, True) for p in form.columns):
            doubt = (
                "both columns hold negative and positive numbers; their signs are left out: is that right?"
            )
        return form, "likely: by the names of two columns; no balance proves it", doubt
    if form.kind == "direction":
        plain = numbers[form.columns[0]]
        known = [(n, s) for n, s in zip(plain, signs[form.columns[1]], strict=True) if n and s]
        if known and all((n < 0) == (s < 0) for n, s in known) and any(n < 0 for n, _ in known):
            return (
                Form("signed", form.columns[:1]),
                "likely: its sign agrees with the column of directions",
                None,
            )
        doubt = None
        if any(n < 0 for n, _ in known):
            doubt = (
                "the amounts have signs beside the column of directions, which are left out: is that right?"
            )
        if any(s == 0 for s in signs[form.columns[1]]):
            doubt = "some rows say no direction, or one that is not known: they are set aside until the lists name it"
        return form, "likely: the direction stands in a column of its own", doubt
    amounts = [n for n in amounts_of(Form("signed", form.columns), numbers=numbers, signs=signs) if n]
    negative = sum(n < 0 for n in amounts)
    if amounts and negative == 0:
        turned = bool(_CARD.search(told))
        way = "out, as on a card" if turned else "in"
        doubt = (
            f"no amount is negative: is money {way}? Nothing proves it; add `negate: true` or take it away"
        )
        return Form("negated" if turned else "signed", form.columns), "guess: no amount is negative", doubt
    signed = Form("signed", form.columns)
    if amounts and negative <= len(amounts) / 2 and _CARD.search(told):
        doubt = "a card: is a negative amount a payment to it, so that what was bought is positive, as taken here?"
        return Form("negated", form.columns), "guess: most amounts of a card are positive", doubt
    return signed, f"likely: signed, {negative:,} of {len(amounts):,} negative; no balance proves it", None
