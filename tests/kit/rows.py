"""Row factories: one method per entity, with the defaults of an ordinary row.

Belongs here: defaults that make a row valid. Must not: where the row goes (extracts.py).

Every factory takes the identifying values first; any other column of the contract can be given by name.
"""

from abc import abstractmethod
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | bool | date | datetime | Decimal | None
Day = str | date
Money = str | int | Decimal


class BooksRows:
    """Adds rows of every entity; a subclass says where they go."""

    @abstractmethod
    def add(self, entity: str, /, **columns: Cell) -> None:
        """Add one row of `entity`."""

    def customer(self, customer_id: str = "C1", /, **columns: Cell) -> None:
        self.add("customer", **{"customer_id": customer_id, "name": f"Customer {customer_id}", **columns})

    def document(
        self,
        document_id: str,
        amount: Money,
        dated: Day,
        /,
        *,
        document_type: str,
        due: Day | None,
        **columns: Cell,
    ) -> None:
        row: dict[str, Cell] = {
            "document_id": document_id,
            "document_type": document_type,
            "customer_id": "C1",
            "document_date": dated,
            "due_date": due,
            "currency": "CNY",
            "amount": amount,
        }
        self.add("document", **{**row, **columns})

    def invoice(
        self, document_id: str, amount: Money, dated: Day, /, *, due: Day | None = None, **columns: Cell
    ) -> None:
        self.document(document_id, amount, dated, document_type="invoice", due=due or dated, **columns)

    def debit_note(
        self, document_id: str, amount: Money, dated: Day, /, *, due: Day | None = None, **columns: Cell
    ) -> None:
        self.document(document_id, amount, dated, document_type="debit_note", due=due or dated, **columns)

    def credit_note(self, document_id: str, amount: Money, dated: Day, /, **columns: Cell) -> None:
        self.document(document_id, amount, dated, document_type="credit_note", due=None, **columns)

    def opening_balance(
        self, document_id: str, amount: Money, dated: Day, /, *, due: Day | None = None, **columns: Cell
    ) -> None:
        self.document(document_id, amount, dated, document_type="opening_balance", due=due, **columns)

    def unbilled(self, document_id: str, amount: Money, dated: Day, /, **columns: Cell) -> None:
        self.document(document_id, amount, dated, document_type="unbilled", due=None, **columns)

    def interest(
        self, document_id: str, amount: Money, dated: Day, /, *, due: Day | None = None, **columns: Cell
    ) -> None:
        self.document(document_id, amount, dated, document_type="interest", due=due or dated, **columns)

    def instalment(self, document_id: str, number: int, amount: Money, due: Day, /, **columns: Cell) -> None:
        self.add(
            "instalment",
            **{
                "document_id": document_id,
                "instalment_no": number,
                "due_date": due,
                "amount": amount,
                **columns,
            },
        )

    def receipt(self, receipt_id: str, amount: Money, received: Day, /, **columns: Cell) -> None:
        row: dict[str, Cell] = {
            "receipt_id": receipt_id,
            "customer_id": "C1",
            "receipt_date": received,
            "currency": "CNY",
            "amount": amount,
        }
        self.add("receipt", **{**row, **columns})

    def allocation(
        self,
        allocation_id: str,
        amount: Money,
        allocated: Day,
        /,
        *,
        used: str,
        settles: str,
        **columns: Cell,
    ) -> None:
        """`used` and `settles` are `kind:id`, e.g. `receipt:R1`; a sink is a kind alone, e.g. `discount`."""
        from_kind, _, from_id = used.partition(":")
        to_kind, _, to_id = settles.partition(":")
        row: dict[str, Cell] = {
            "allocation_id": allocation_id,
            "from_kind": from_kind,
            "from_id": from_id or None,
            "to_kind": to_kind,
            "to_id": to_id,
            "allocated_on": allocated,
            "amount": amount,
        }
        self.add("allocation", **{**row, **columns})

    def payment(
        self, receipt_id: str, document_id: str, amount: Money, received: Day, /, **columns: Cell
    ) -> None:
        """A receipt applied in full, on its own day, to one document."""
        self.receipt(receipt_id, amount, received, **columns)
        self.allocation(
            f"A-{receipt_id}",
            amount,
            received,
            used=f"receipt:{receipt_id}",
            settles=f"document:{document_id}",
        )

    def bill(
        self, receipt_id: str, amount: Money, received: Day, /, *, matures: Day | None, **columns: Cell
    ) -> None:
        """A receipt that is a bank's bill, numbered like the receipt."""
        row: dict[str, Cell] = {
            "method": "bank_acceptance",
            "bill_id": f"B-{receipt_id}",
            "maturity_date": matures,
        }
        self.receipt(receipt_id, amount, received, **{**row, **columns})

    def bill_event(self, receipt_id: str, kind: str, amount: Money, on: Day, /, **columns: Cell) -> None:
        """An event of the bill that `bill` made."""
        row: dict[str, Cell] = {
            "bill_id": f"B-{receipt_id}",
            "event_date": on,
            "kind": kind,
            "amount": amount,
        }
        self.add("bill_event", **{**row, **columns})

    def gl_balance(self, account: str, role: str, balance: Money, on: Day, /, **columns: Cell) -> None:
        row: dict[str, Cell] = {
            "account": account,
            "account_role": role,
            "balance_date": on,
            "currency": "CNY",
            "balance": balance,
        }
        self.add("gl_balance", **{**row, **columns})

    def dispute(
        self, dispute_id: str, document_id: str, amount: Money | None, opened: Day, /, **columns: Cell
    ) -> None:
        row: dict[str, Cell] = {
            "dispute_id": dispute_id,
            "document_id": document_id,
            "opened_on": opened,
            "amount": amount,
            "status": "open",
        }
        self.add("dispute", **{**row, **columns})

    def extension(
        self,
        promise_id: str,
        document_id: str,
        amount: Money,
        promised: Day,
        /,
        *,
        approved: Day | None,
        **columns: Cell,
    ) -> None:
        row: dict[str, Cell] = {
            "promise_id": promise_id,
            "customer_id": "C1",
            "document_id": document_id,
            "made_on": approved or promised,
            "promised_date": promised,
            "amount": amount,
            "kind": "extension",
            "approved_by": "credit committee" if approved else None,
            "approved_on": approved,
        }
        self.add("promise", **{**row, **columns})
