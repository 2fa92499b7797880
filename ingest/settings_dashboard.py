"""What `arrears.yml` says of the dashboard: its language, how readers are known, and what each may see.

Belongs here: the shape of `dashboard` and rules between its keys. Must not: reading a request, pages, figures.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ingest.settings_models import Model
from ingest.settings_values import Code, Memory, VariableName, refusal

Role = Literal["cfo", "controller", "sales", "auditor"]
NonEmpty = Annotated[str, Field(min_length=1)]


class Auth(Model):
    """How the dashboard knows who is reading."""

    mode: Literal["none", "oidc", "proxy"] = "none"
    # without sign-in, on this machine alone: what its one reader may see
    role: Role = "cfo"
    # oidc: names of claims; proxy: names of headers
    user: NonEmpty | None = None
    groups: NonEmpty | None = None
    sales_owner: NonEmpty | None = None
    # proxy: the variable that holds what the proxy must send along in `secret_header`
    secret_env: VariableName | None = None
    secret_header: NonEmpty = "X-Arrears-Proxy-Secret"

    @model_validator(mode="after")
    def _proxy_is_known_by_a_secret(self) -> Self:
        # a header alone proves nothing: whoever reaches the port could write it
        if self.mode == "proxy" and self.secret_env is None:
            raise refusal(
                "`mode: proxy` has no `secret_env`, so anybody who reaches the port could name himself.",
                fix="name the variable that holds the secret which the proxy adds to every request, as in "
                "`secret_env: ARREARS_PROXY_SECRET`.",
            )
        return self

    @property
    def user_key(self) -> str:
        """Claim or header with the reader's name."""
        return self.user or ("email" if self.mode == "oidc" else "X-Forwarded-Email")

    @property
    def groups_key(self) -> str:
        """Claim or header with the groups of the reader; a header separates them by commas."""
        return self.groups or ("groups" if self.mode == "oidc" else "X-Forwarded-Groups")

    @property
    def sales_owner_key(self) -> str:
        """Claim or header that says under which name of `sales_owner` the reader sells."""
        return self.sales_owner or ("name" if self.mode == "oidc" else "X-Forwarded-User")


class Grant(Model):
    """A role for some readers; of several that fit, the first in the file counts."""

    role: Role
    users: tuple[NonEmpty, ...] = ()
    groups: tuple[NonEmpty, ...] = ()
    # all of them when left out
    companies: tuple[Code, ...] = ()
    # for one who sells under another name than the claim or header says
    sales_owner: NonEmpty | None = None

    @model_validator(mode="after")
    def _somebody_has_it(self) -> Self:
        if not self.users and not self.groups:
            raise refusal(
                f"a grant of role {self.role} names nobody.",
                fix="add `users: [name@example.com]` or `groups: [finance]`; `users: ['*']` is everybody signed in.",
            )
        if self.sales_owner is not None and self.role != "sales":
            raise refusal(
                f"`sales_owner` says nothing for role {self.role}.", fix="remove it, or write `role: sales`."
            )
        return self

    def fits(self, user: str, *, groups: frozenset[str]) -> bool:
        """Whether the reader is one of those named."""
        return "*" in self.users or user in self.users or not groups.isdisjoint(self.groups)


class Dashboard(Model):
    """What the dashboard shows before anybody chooses, and to whom."""

    language: Literal["zh", "en"] = "zh"
    auth: Auth = Auth()
    # what DuckDB may use for all readers together: what is more goes to disk
    memory_limit: Memory = "2GB"
    roles: tuple[Grant, ...] = ()

    @model_validator(mode="after")
    def _signing_in_leads_somewhere(self) -> Self:
        if self.auth.mode != "none" and not self.roles:
            raise refusal(
                f"`auth.mode: {self.auth.mode}` without `roles` lets nobody in.",
                fix="add, for example, `roles: [{role: cfo, users: [name@example.com]}]`.",
            )
        return self
