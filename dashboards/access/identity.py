"""Who is at the screen: nobody asked (loopback alone), signed in by OpenID Connect, or named by a proxy.

Belongs here: turning a request into a `Viewer`. Must not: rights (viewer.py), rows (data/visible.py).
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards.access.viewer import Restriction, Viewer
from ingest.settings_dashboard import Auth, Dashboard

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LOCAL_USER = "local"
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


class NotAdmitted(Exception):
    """Nobody is let in; `reason` is one of not_loopback, not_local, no_secret, no_proxy, not_signed_in, no_sign_in,
    no_user, no_role, no_sales_owner."""

    def __init__(self, reason: str, *, user: str = "", detail: str = "") -> None:
        super().__init__(f"{reason}: {user} {detail}".strip())
        self.reason = reason
        self.user = user
        self.detail = detail


def current_viewer(dashboard: Dashboard) -> Viewer:
    """The reader of this request.

    Raises:
        NotAdmitted: with the reason, which the page turns into a sentence and a fix.
    """
    auth = dashboard.auth
    if auth.mode == "none":
        return local_viewer(auth, address=st.get_option("server.address"), headers=st.context.headers)
    said = _claims() if auth.mode == "oidc" else proxied(auth, headers=st.context.headers)
    return admitted(dashboard, said)


def local_viewer(auth: Auth, *, address: str | None, headers: Mapping[str, str]) -> Viewer:
    """Without sign-in there is one reader, who sits at this machine."""
    # no address at all is every address
    if address not in LOOPBACK:
        raise NotAdmitted("not_loopback", detail=str(address or "0.0.0.0"))
    # a proxy on this machine brings readers from elsewhere to loopback, and so does a name that leads to 127.0.0.1
    if any(_header(headers, name) for name in FORWARDED):
        raise NotAdmitted("not_local", detail=", ".join(name for name in FORWARDED if _header(headers, name)))
    host = _header(headers, "Host")
    if host and _without_port(host) not in LOOPBACK:
        raise NotAdmitted("not_local", detail=host)
    return Viewer(LOCAL_USER, auth.role)


def proxied(auth: Auth, *, headers: Mapping[str, str]) -> Mapping[str, Any]:
    """What the proxy says of the reader; only the secret tells the proxy from anybody else."""
    secret = os.environ.get(str(auth.secret_env), "")
    if not secret:
        raise NotAdmitted("no_secret", detail=str(auth.secret_env))
    if not hmac.compare_digest(_header(headers, auth.secret_header).encode(), secret.encode()):
        raise NotAdmitted("no_proxy", detail=auth.secret_header)
    groups = [group.strip() for group in _header(headers, auth.groups_key).split(",")]
    return {
        auth.user_key: _header(headers, auth.user_key),
        auth.groups_key: groups,
        auth.sales_owner_key: _header(headers, auth.sales_owner_key),
    }


def admitted(dashboard: Dashboard, said: Mapping[str, Any]) -> Viewer:
    """The role that `arrears.yml` gives to the reader of whom this is said."""
    auth = dashboard.auth
    user = str(said.get(auth.user_key) or "").strip()
    if not user:
        raise NotAdmitted("no_user", detail=auth.user_key)
    # some providers send it as a word
    if auth.user_key == "email" and str(said.get("email_verified", True)).casefold() == "false":
        # an address that the provider has not proved is a name that the reader chose
        raise NotAdmitted("no_user", user=user, detail="email_verified")
    found = said.get(auth.groups_key) or ()
    groups = frozenset([found] if isinstance(found, str) else map(str, found))
    for grant in dashboard.roles:
        if not grant.fits(user, groups=groups):
            continue
        if grant.role != "sales":
            return Viewer(user, grant.role, Restriction(grant.companies))
        owner = grant.sales_owner or str(said.get(auth.sales_owner_key) or "").strip()
        if not owner:
            raise NotAdmitted("no_sales_owner", user=user, detail=auth.sales_owner_key)
        return Viewer(user, grant.role, Restriction(grant.companies, owner))
    raise NotAdmitted("no_role", user=user)


def _claims() -> Mapping[str, Any]:
    if "auth" not in st.secrets:
        raise NotAdmitted("no_sign_in")
    if not st.user.is_logged_in:
        raise NotAdmitted("not_signed_in")
    claims: Mapping[str, Any] = st.user.to_dict()
    return claims


def _header(headers: Mapping[str, str], name: str) -> str:
    # header names have no case
    wanted = name.casefold()
    return next((value for key, value in headers.items() if key.casefold() == wanted), "")


def _without_port(host: str) -> str:
    # [::1]:8501, 127.0.0.1:8501, localhost
    return host.split("]")[0].strip("[") if host.startswith("[") else host.rsplit(":", 1)[0]
