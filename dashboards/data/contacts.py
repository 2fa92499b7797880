"""Contact data of customers, from the private file beside the releases.

Belongs here: reading that file. Must not: decide who may see it (access/viewer.py says which roles do), or keep any of
it: nothing is cached, so that who asks to be forgotten is forgotten, and no reader meets what another asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import polars as pl

from dashboards.data.customer import Customer

COLUMNS = ("contact_name", "contact_phone", "contact_email", "contact_address")
# a source that delivers its customers for all of its companies names none (dim_customer.company_code)
EVERY_COMPANY = "*"

Contact = dict[str, str | None]


class ContactsUnreadable(Exception):
    """The file is there and cannot be read; `detail` is what was said of it."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def of_customers(file: Path, *, customers: Collection[Customer]) -> dict[Customer, Contact]:
    """Contact data of these customers, the newest where several sources give it.

    Args:
        file: `Home.contacts`; where there is none, nobody's contact data was delivered.
        customers: company and customer, only such as the reader may see.

    Raises:
        ContactsUnreadable: the file is there and cannot be read.
    """
    try:
        return _read(file, customers=customers) if customers and file.exists() else {}
    except (OSError, pl.exceptions.PolarsError) as error:
        # the program's first line: the others are of its plan
        said = str(error).splitlines() or [type(error).__name__]
        raise ContactsUnreadable(said[0]) from error


def _read(file: Path, *, customers: Collection[Customer]) -> dict[Customer, Contact]:
    wanted = pl.DataFrame(sorted(set(customers)), schema=["company_code", "customer_id"], orient="row")
    delivered = pl.read_parquet(file).filter(pl.col("customer_id").is_in(wanted["customer_id"].implode()))
    own = wanted.join(delivered, on=["company_code", "customer_id"])
    of_every_company = wanted.join(
        delivered.filter(pl.col("company_code") == EVERY_COMPANY).drop("company_code"), on="customer_id"
    )
    # the last one of a customer is kept: what is said for its company, the newest of it
    order = ["_known_at", "_source"]
    found = pl.concat([of_every_company.select(own.columns).sort(order), own.sort(order)])
    return {
        (row["company_code"], row["customer_id"]): {name: row.get(name) for name in COLUMNS}
        for row in found.iter_rows(named=True)
    }
