"""DSNs are read strictly, and nothing of a password is ever shown."""

import pytest

from ingest.extraction import PullFailed
from ingest.extraction.dsn import MariaDsn, Tls, parse_dsn


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


def maria(text: str) -> MariaDsn:
    dsn = parse_dsn(text)
    assert isinstance(dsn, MariaDsn)
    return dsn


def test_the_parts_of_a_mariadb_database_are_decoded() -> None:
    dsn = maria("mariadb://re%40der:s3cr%40t@db.example:3307/erp%20x?read_timeout=60&max_statement_time=600")
    assert (dsn.user, dsn.password, dsn.database) == ("re@der", "s3cr@t", "erp x")
    assert (dsn.host, dsn.port, dsn.socket, dsn.tls) == ("db.example", 3307, None, None)
    assert (dsn.connect_seconds, dsn.read_seconds, dsn.statement_seconds) == (10, 60, 600)
    assert dsn.shown == "MariaDB database 'erp x' on db.example:3307"
    for text in (repr(dsn), str(dsn), dsn.hidden("no s3cr@t, no s3cr%40t")):
        assert "s3cr" not in text


@pytest.mark.parametrize(
    ("text", "host", "port", "shown"),
    [
        ("mysql://reader@db/erp", "db", 3306, "MySQL database 'erp' on db"),
        ("mariadb://reader@/erp", "localhost", 3306, "MariaDB database 'erp' on localhost"),
        ("mariadb://reader@[::1]:3307/erp", "::1", 3307, "MariaDB database 'erp' on [::1]:3307"),
        ("mariadb://reader@[::1]/erp", "::1", 3306, "MariaDB database 'erp' on [::1]"),
        (
            "mariadb://reader@/erp?unix_socket=/run/my.sock",
            "localhost",
            3306,
            "MariaDB database 'erp' on /run/my.sock",
        ),
    ],
)
def test_a_mariadb_database_is_on_a_host_or_a_socket(text: str, host: str, port: int, shown: str) -> None:
    dsn = maria(text)
    assert (dsn.host, dsn.port, dsn.shown) == (host, port, shown)


@pytest.mark.parametrize(
    ("options", "tls"),
    [
        ("ssl_mode=required", Tls("required")),
        ("ssl_ca=/ca.pem", Tls("verify_identity", authority="/ca.pem")),
        ("ssl_ca=/ca.pem&ssl_mode=verify_ca", Tls("verify_ca", authority="/ca.pem")),
        ("ssl_cert=/c.pem&ssl_key=/k.pem", Tls("required", certificate="/c.pem", key="/k.pem")),
    ],
)
def test_who_names_an_authority_wants_to_know_the_server(options: str, tls: Tls) -> None:
    assert maria(f"mariadb://reader@db/erp?{options}").tls == tls


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
        ("oracle://reader:hunter2@db/erp", "no engine that can be read"),
        ("mariadb://reader:hun@ter2@db/erp", "percent-encode"),
        ("mariadb://reader:hunter2/erp", "port"),
        ("mariadb://reader:hunter2@db", "does not name one database"),
        ("mariadb://reader:hunter2@db,db2/erp", "several hosts"),
        ("mariadb://reader@db/erp?password=hunter2", "use only unix_socket, ssl_mode"),
        ("mariadb://reader@db/erp?ssl_ca=", "each with a value"),
        ("mariadb://reader@db/erp?ssl_ca=/hunter2&ssl_ca=/b", "given twice"),
        ("mariadb://reader@db/erp?connect_timeout=hunter2", "write whole seconds"),
        ("mariadb://reader@db/erp?read_timeout=0", "write whole seconds"),
        ("mariadb://reader@db/erp?ssl_mode=hunter2", "required, verify_ca, verify_identity"),
        ("mariadb://reader@db/erp?ssl_cert=/hunter2", "give both files"),
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
