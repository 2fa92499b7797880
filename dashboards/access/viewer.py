"""A reader and the rights of a role.

Belongs here: what each role may open and see. Must not: how a reader is recognised (identity.py), SQL.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.settings_dashboard import Role

PAGES = (
    "overview", "aging", "trend", "watchlist", "customer", "mine", "cash", "bank", "policy", "provision", "quality",
    "about",
)  # fmt: skip
"""Every page, in the order of the menu; the name of its file under views/ and of its words in i18n/."""
# what a salesperson works with; the other pages speak of the company, not of single customers
_SALES_PAGES = frozenset({"aging", "watchlist", "customer", "mine", "about"})
# who talks to customers sees how to reach them
_SEES_CONTACTS = frozenset({"controller", "sales"})


@dataclass(frozen=True)
class Restriction:
    """Rows a reader may see: companies (empty: all), and the customers of one salesperson (None: everybody's)."""

    companies: tuple[str, ...] = ()
    sales_owner: str | None = None


EVERYTHING = Restriction()


@dataclass(frozen=True)
class Viewer:
    """One reader."""

    user: str
    role: Role
    restriction: Restriction = EVERYTHING

    @property
    def pages(self) -> tuple[str, ...]:
        """Pages of this role, in menu order."""
        return tuple(page for page in PAGES if self.role != "sales" or page in _SALES_PAGES)

    @property
    def sees_contacts(self) -> bool:
        """Whether names, telephone numbers and addresses of customers' people are shown."""
        return self.role in _SEES_CONTACTS
