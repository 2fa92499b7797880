"""DSNs are read strictly, and nothing of a password is ever shown."""

import pytest

from ingest.extraction import PullFailed
from ingest.extraction.dsn import parse_dsn


def test_the_password_is_in_nothing_that_is_shown() -> None:
    dsn = parse_dsn("postgresql://reader:s3cr%40t@db.example:5433/erp?sslpassword=k3y")
    assert dsn.shown == "PostgreSQL database 'erp' on db.example:5433"
    for text in (repr(dsn), str(dsn), dsn.hidden("no s3cr@t, no s3cr%40t, no k3y")):
        assert not any(secret in text for secret in ("s3cr", "k3y"))


def test_a_server_that_does_not_answer_is_not_waited_for_unless_the_dsn_says_so() -> None:
    assert "connect_timeout=10" in parse_dsn("postgres://reader@db/erp").address
    address = parse_dsn("postgresql://reader@db/erp?connect_timeout=60").address
    assert "connect_timeout=60" in address
    assert "connect_timeout=10" not in address


def test_a_sqlite_file_is_opened_read_only() -> None:
    assert parse_dsn("sqlite:///data/er%20p.db").address == "file:/data/er%20p.db?mode=ro"
    assert parse_dsn("sqlite:////data/erp.db").shown == "/data/erp.db"
    assert parse_dsn("sqlite:///data/erp.db?immutable=1").address.endswith("?mode=ro&immutable=1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("postgresql://reader:hun@ter2@db/erp", "percent-encode"),
        ("postgresql://reader:hun/ter2@db/erp", "percent-encode"),
        ("postgresql://reader:hun?ter2@db/erp", "percent-encode"),
        ("postgresql://reader:hun#ter2@db/erp", "percent-encode"),
        # without a host the password would be taken for the port, and printed as a bad one
        ("postgresql://reader:hunter2/erp", "port"),
        ("postgresql://reader:hunter2@db", "does not name one database"),
        ("postgresql://reader:hunter2@[db/erp", "is no DSN"),
        ("mysql://reader:hunter2@db/erp", "no engine that can be read"),
        ("host=db password=hunter2", "no engine that can be read"),
        ("sqlite://hunter2.db", "three slashes"),
        ("sqlite:///data/erp.db?mode=rw", "immutable=1"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_fix_and_without_the_password(text: str, said: str) -> None:
    with pytest.raises(PullFailed, match=said) as caught:
        parse_dsn(text)
    for secret in ("hunter2", "hun", "ter2"):
        assert secret not in str(caught.value)
    assert caught.value.fix
