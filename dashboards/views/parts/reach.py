"""Contact data of customers, for those who talk to them.

Belongs here: who is shown any, and of whom. Must not: read the file (data/contacts.py).
"""

from __future__ import annotations

from collections.abc import Collection

from dashboards import configuration
from dashboards.access.viewer import Viewer
from dashboards.data import contacts, owners
from dashboards.data.contacts import Contact
from dashboards.data.customer import Customer
from dashboards.data.release import Release


def contacts_of(
    release: Release, customers: Collection[Customer], *, viewer: Viewer
) -> dict[Customer, Contact]:
    """Contact data of those of the customers that the reader sees; none for a role that talks to no customer.

    What the reader sees is asked again, of his own views: a page that gathers customers in another way does not get
    more than that.
    """
    if not viewer.sees_contacts:
        return {}
    return contacts.of_customers(configuration.home().contacts, customers=owners.seen(release, customers))
