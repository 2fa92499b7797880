"""A small OpenID provider on loopback, for sign-in in a real browser.

Belongs here: discovery, authorisation by a click, tokens that are signed. Must not: anything a deployment would use.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID = "arrears"
CLIENT_SECRET = "a-secret-of-the-test-alone"


class Provider(ThreadingHTTPServer):
    """Signs in whoever is clicked; `people` maps a name to what the provider says of that person."""

    def __init__(self, people: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.people = people
        self.key = RSAKey.generate_key(2048, {"kid": "test", "use": "sig", "alg": "RS256"})
        # code -> (person, nonce)
        self.codes: dict[str, tuple[str, str]] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def token_for(self, person: str, *, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "sub": person,
            "iat": now,
            "exp": now + 600,
            "nonce": nonce,
        }
        return jwt.encode({"alg": "RS256", "kid": "test"}, claims | dict(self.people[person]), self.key)


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/.well-known/openid-configuration":
            self._say(_metadata(self.server.address))
        elif url.path == "/jwks":
            self._say({"keys": [self.server.key.as_dict(private=False)]})
        elif url.path == "/authorize":
            self._say(self._people(asked), kind="text/html")
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        person, nonce = self.server.codes.pop(parse_qs(sent)["code"][0])
        token = self.server.token_for(person, nonce=nonce)
        self._say({"access_token": "unused", "token_type": "Bearer", "expires_in": 600, "id_token": token})

    def _people(self, asked: Mapping[str, str]) -> str:
        links = []
        for number, person in enumerate(self.server.people):
            code = f"{len(self.server.codes)}-{number}-{time.monotonic_ns()}"
            self.server.codes[code] = (person, asked.get("nonce", ""))
            back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']}, quote_via=quote)}"
            links.append(f'<p><a href="{back}">{person}</a></p>')
        return f"<html><body>{''.join(links)}</body></html>"

    def _say(self, content: object, *, kind: str = "application/json") -> None:
        body = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test prints what it needs."""


def _metadata(address: str) -> dict[str, Any]:
    return {
        "issuer": address,
        "authorization_endpoint": f"{address}/authorize",
        "token_endpoint": f"{address}/token",
        "jwks_uri": f"{address}/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


@contextmanager
def serving(people: Mapping[str, Mapping[str, Any]]) -> Iterator[Provider]:
    """The provider, until the block ends."""
    provider = Provider(people)
    thread = threading.Thread(target=provider.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        provider.server_close()
        thread.join()
