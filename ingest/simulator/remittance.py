"""Remittance: what payers write on their payments, and under whose name the money comes.

Belongs here: the wordings, their slips and their formats, the names of payers. Must not: amounts, bank lines (bank.py).

A range names the first and the last invoice, and means the payer's own invoices from the one to the other: who leaves
one of them out writes all numbers instead.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from random import Random

from ingest.simulator.model import Claim, Customer

# a SEPA credit transfer carries 140 characters, an MT103 four lines of 35
LONGEST = 140
LINE = 35
LONGEST_TAIL = 4

# Weights of what a payer writes. A kind that does not suit the payment becomes `plain`.
_KINDS = (
    ("plain", 40),
    ("numbers_first", 14),
    ("generic", 5),
    ("name_only", 4),
    ("truncated", 5),
    ("missing_prefix", 8),
    ("order_reference", 4),
    ("range", 7),
    ("tails", 5),
    ("confused", 4),
    ("full_width", 3),
    ("wrong_reference", 3),
    ("foreign_reference", 3),
    ("salary_noise", 2),
    ("lower_case", 4),
    ("sepa", 12),
    ("sepa_roc", 5),
    ("swift", 14),
)
_DRAWN = tuple(kind for kind, weight in _KINDS for _ in range(weight))
_CHINESE_ONLY = frozenset({"full_width"})
_WESTERN_ONLY = frozenset({"sepa", "sepa_roc", "lower_case"})
_SEVERAL = frozenset({"range", "tails"})
_SLIPS = {"0": "O", "1": "I"}
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_STRANGE = {
    "zh": ("合同XS-2025-118 进度款", "发票号 04412098", "订单JD88120334"),
    "en": ("RE-2025-88121", "Rechnung 40087712", "INVOICE NO 7700-4512/B"),
}
_THIRD_PARTIES = {
    "zh": ("上海汇付商务服务有限公司", "苏州工业园区结算中心", "张伟"),
    "en": ("Paylink Services Ltd", "Finanzkontor Treuhand GmbH", "M. Albrecht"),
}


@dataclass(frozen=True, slots=True)
class Remittance:
    """Text and payer of one bank line, with the kind of each."""

    text: str
    kind: str
    payer: str
    payer_kind: str
    account: str | None
    end_to_end_id: str | None


def remit(
    customer: Customer, claims: list[Claim], *, others: Collection[str], is_foreign: bool, rng: Random
) -> Remittance:
    """What the bank says about a payment of these claims.

    Args:
        others: numbers of all documents that the books have under the customer.
        is_foreign: the payment is not in the currency of the books.
    """
    end_to_end_id = None if rng.randrange(3) else f"E2E{rng.randrange(10**10):010d}"
    numbers = document_numbers(claims)
    kind = _kind(customer, numbers, others=others, is_foreign=is_foreign, rng=rng)
    text = _WRITERS[kind](_Payment(customer, claims, numbers, end_to_end_id, rng))
    if len(text) > LONGEST:
        text, kind = text[:LONGEST], "cut_off"
    payer, payer_kind, account = _payer(customer, rng=rng)
    return Remittance(text, kind, payer, payer_kind, account, end_to_end_id)


def document_numbers(claims: Iterable[Claim]) -> list[str]:
    """Numbers of the documents that are paid, in order; one that is paid in several parts comes once."""
    return list(dict.fromkeys(claim.invoice.entry.number for claim in claims))


@dataclass(frozen=True, slots=True)
class _Payment:
    customer: Customer
    claims: list[Claim]
    numbers: list[str]
    end_to_end_id: str | None
    rng: Random

    @property
    def is_chinese(self) -> bool:
        return self.customer.language == "zh"

    def listed(self, numbers: list[str] | None = None) -> str:
        return ("、" if self.is_chinese else ", ").join(self.numbers if numbers is None else numbers)

    def plain(self, numbers: list[str] | None = None) -> str:
        word = "付货款 " if self.is_chinese else "INV "
        return f"{word}{self.listed(numbers)}"


def _kind(
    customer: Customer, numbers: list[str], *, others: Collection[str], is_foreign: bool, rng: Random
) -> str:
    is_chinese = customer.language == "zh"
    kind = rng.choice(_DRAWN)
    is_misplaced = (
        (kind in _CHINESE_ONLY and not is_chinese)
        or (kind in _WESTERN_ONLY and is_chinese)
        or (kind == "swift" and not is_foreign)
        or (kind in _SEVERAL and len(numbers) < 2)
        or (kind == "range" and not _is_range(numbers, others))
        or (kind == "confused" and not any(_SLIPS.keys() & set(number[-6:]) for number in numbers))
    )
    return "plain" if is_misplaced else kind


def _is_range(numbers: list[str], others: Collection[str]) -> bool:
    """Whether the numbers are of one kind, and all that the customer has from the first to the last."""
    first, last = min(numbers), max(numbers)
    is_one_kind = len({_prefix(number) for number in numbers}) == 1
    return is_one_kind and not any(first < other < last and other not in numbers for other in others)


def _prefix(number: str) -> str:
    return number.rstrip("0123456789")


def _digits(number: str) -> str:
    return number.removeprefix(_prefix(number))


def _truncated(payment: _Payment) -> str:
    last = payment.numbers[-1]
    return payment.plain([*payment.numbers[:-1], last[: -payment.rng.choice((1, 1, 2))]])


def _missing_prefix(payment: _Payment) -> str:
    bare = [_digits(number) for number in payment.numbers]
    if payment.rng.randrange(3) == 0:
        # without the year as well, as people read numbers to each other
        bare = [number[2:].lstrip("0") for number in bare]
    return payment.plain(bare)


def _order_reference(payment: _Payment) -> str:
    references = dict.fromkeys(
        str(claim.invoice.entry.fields.get("reference") or "") for claim in payment.claims[:4]
    )
    return ("订单 " if payment.is_chinese else "your order ") + " ".join(references)


def _range(payment: _Payment) -> str:
    first, last = min(payment.numbers), max(payment.numbers)
    return payment.plain([f"{first}-{_tail(first, last)}"])


def _tails(payment: _Payment) -> str:
    first, *rest = sorted(payment.numbers)
    return payment.plain(["/".join([first, *(_tail(first, number) for number in rest)])])


def _tail(first: str, other: str) -> str:
    """The digits in which a number differs from the first one, at least two; all of it in another year."""
    position = next((i for i, (a, b) in enumerate(zip(first, other, strict=False)) if a != b), len(other))
    if len(first) != len(other) or position < len(other) - LONGEST_TAIL:
        return other
    return other[min(position, len(other) - 2) :]


def _confused(payment: _Payment) -> str:
    """Letters typed for digits, O for 0 and I for 1, at least once."""

    def confuse(number: str) -> str:
        head, digits = number[:-6], number[-6:]
        return head + "".join(
            _SLIPS.get(digit, digit) if payment.rng.randrange(2) else digit for digit in digits
        )

    confused = [confuse(number) for number in payment.numbers]
    if confused == payment.numbers:
        slips = str.maketrans(_SLIPS)
        confused = [number[:-6] + number[-6:].translate(slips) for number in payment.numbers]
    return payment.plain(confused)


def _wrong_reference(payment: _Payment) -> str:
    number = payment.numbers[0]
    swapped = number[:-2] + number[-1] + number[-2]
    wrong = swapped if swapped != number else number[:-1] + str((int(number[-1]) + 1) % 10)
    return payment.plain([wrong, *payment.numbers[1:]])


def _salary_noise(payment: _Payment) -> str:
    day = payment.claims[0].pay_on
    return f"代发工资 {day:%Y年%m月}" if payment.is_chinese else f"SALARY {day:%m/%Y} payroll run"


def _sepa(payment: _Payment) -> str:
    reference = payment.end_to_end_id or "NOTPROVIDED"
    order = payment.rng.randrange(10**8)
    return f"EREF+{reference} KREF+{order:08d} SVWZ+{payment.listed()}"


def _swift(payment: _Payment) -> str:
    charge = sum(claim.charge for claim in payment.claims)
    currency = payment.claims[0].invoice.currency
    told = f" /CHGS/{currency}{charge // 100},{charge % 100:02d}" if charge else ""
    text = f"/INV/{payment.listed()} PAYMENT FOR GOODS DELIVERED{told} {payment.customer.name.upper()}"
    text = text[: LONGEST - 3]
    return "\n".join(text[start : start + LINE] for start in range(0, len(text), LINE))


_WRITERS = {
    "plain": lambda payment: payment.plain(),
    "numbers_first": lambda payment: payment.listed() + (" 货款" if payment.is_chinese else " payment"),
    "generic": lambda payment: "货款" if payment.is_chinese else "payment",
    "name_only": lambda payment: payment.customer.name + (" 货款" if payment.is_chinese else " on account"),
    "truncated": _truncated,
    "missing_prefix": _missing_prefix,
    "order_reference": _order_reference,
    "range": _range,
    "tails": _tails,
    "confused": _confused,
    "full_width": lambda payment: payment.plain().translate(_FULL_WIDTH),
    "wrong_reference": _wrong_reference,
    "foreign_reference": lambda payment: payment.rng.choice(_STRANGE[payment.customer.language]),
    "salary_noise": _salary_noise,
    "lower_case": lambda payment: payment.plain().lower(),
    "sepa": _sepa,
    "sepa_roc": lambda payment: f"/ROC/{payment.customer.number}//INV {payment.listed()}/",
    "swift": _swift,
}
REMITTANCE_KINDS = (*sorted(_WRITERS), "cut_off")


def _payer(customer: Customer, *, rng: Random) -> tuple[str, str, str | None]:
    """Name and account that the bank shows, and whose they are."""
    account = customer.bank_account if rng.randrange(12) else None
    if customer.parent is not None and rng.randrange(3) == 0:
        return customer.parent.name, "parent", customer.parent.bank_account
    match rng.randrange(60):
        case 0:
            third = rng.choice(_THIRD_PARTIES[customer.language])
            return third, "third_party", f"99{rng.randrange(10**12):012d}"
        case 1 | 2 | 3 | 4 | 5:
            name = customer.name.replace("有限公司", "").replace("（", "(").replace("）", ")").upper()
        case 6 | 7 | 8 | 9 | 10:
            # no more than a third is lost, whatever the script; nobody is left with one character
            name = customer.name[: max(len(customer.name) * 2 // 3, 2)].strip()
        case _:
            name = customer.name
    return name, "customer" if name == customer.name else "variant", account
