"""Who is let in to MariaDB, what a line proves and what is shown: by a real server, or whatever answers for it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ingest.extraction import PullFailed
from tests.kit.mariadb import ADMIN_PASSWORD, Server, needs_mariadb
from tests.kit.pulls import pull_one


@needs_mariadb
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("keeper:", "nobody:"), "correct user and password"),
        (("kept%40safe%3A1", "h%40nter2"), "correct user and password"),
        (("kept%40safe%3A1", "%E4%B8%AD"), "correct user and password"),
        (("/erp_", "/nope_"), "correct the name of the database"),
        (("arrears-mariadb-", "nowhere-"), "check host, port, network"),
    ],
)
def test_a_database_that_does_not_let_us_in_is_named_without_the_password(
    maria: Server, empty: str, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    dsn = maria.dsn(empty)
    assert change[0] in dsn
    with pytest.raises(PullFailed, match=said) as caught:
        pull_one(dsn.replace(*change), "select 1 as a", folder=tmp_path)
    assert caught.value.__cause__ is None
    for secret in ("kept@safe", "kept%40safe", "h@nter2", "h%40nter2", "中"):
        assert secret not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_port_where_nothing_listens_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match=r"'erp' on 127.0.0.1:1 cannot be opened.*refused") as caught:
        pull_one("mariadb://reader:hunter2@127.0.0.1:1/erp", "select 1 as a", folder=tmp_path)
    assert "hunter2" not in str(caught.value)


@needs_mariadb
def test_a_password_that_the_server_repeats_is_hidden(maria: Server, empty: str, tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match=r"Unknown column '\*\*\*'"):
        pull_one(maria.dsn(empty), f'select "{ADMIN_PASSWORD}" from dual', folder=tmp_path)


def _needs_tls(maria: Server) -> Path:
    if maria.authority is None:
        pytest.skip("openssl is not here (Debian: apt-get install openssl)")
    return maria.authority


@needs_mariadb
@pytest.mark.parametrize(
    "options", ["", "ssl_mode=required", "ssl_ca={ca}", "ssl_ca={ca}&ssl_mode=verify_ca"]
)
def test_a_line_is_encrypted_wherever_the_server_can(
    maria: Server, empty: str, tmp_path: Path, options: str
) -> None:
    dsn = maria.tcp_dsn(empty, options=options.format(ca=_needs_tls(maria)))
    sql = "select variable_value <> '' as a from information_schema.session_status where variable_name = 'Ssl_cipher'"
    assert pull_one(dsn, sql, folder=tmp_path) == [("1",)]


@needs_mariadb
@pytest.mark.parametrize(
    ("host", "options", "said"),
    [
        ("127.0.0.1", "ssl_ca={other}", "name the authority"),
        ("127.0.0.1", "ssl_ca={other}&ssl_mode=verify_ca", "name the authority"),
        ("127.0.0.1", "ssl_mode=verify_identity", "name the authority"),
        ("localhost", "ssl_ca={ca}", "the host as it is named there"),
        ("127.0.0.1", "ssl_ca=/nowhere.pem", "the TLS files .*No such file.* Fix: name PEM files"),
    ],
)
def test_a_server_that_is_not_who_it_should_be_is_sent_nothing(
    maria: Server, empty: str, tmp_path: Path, host: str, options: str, said: str
) -> None:
    ca = _needs_tls(maria)
    dsn = maria.tcp_dsn(empty, options=options.format(ca=ca, other=ca.with_name("other.pem")), host=host)
    with pytest.raises(PullFailed, match=said) as caught:
        pull_one(dsn, "select 1 as a", folder=tmp_path)
    assert "kept" not in str(caught.value)


def _packet(number: int, body: bytes) -> bytes:
    return len(body).to_bytes(3, "little") + bytes([number]) + body


# protocol 10, a thread, half of a challenge, capabilities without TLS, utf8mb4, the other half, how to authenticate
GREETING = (
    *(b"\x0a10.11.0\0", b"\1\0\0\0", b"a" * 8, b"\0\x00\x82\x2d\2\0\x08\x00\x15", b"\0" * 10),
    *(b"b" * 12, b"\0mysql_native_password\0"),
)


@contextmanager
def answering(*answers: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A port where each packet of a client gets the next answer, the first unasked, until there is none or it is empty;
    and what the client sent."""
    got: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            # the client hangs up when it has heard enough
            with connection, suppress(ConnectionError):
                connection.settimeout(30)
                for answer in filter(None, answers):
                    connection.sendall(answer)
                    got.append(connection.recv(4096))

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1], got
        thread.join()


def test_a_server_that_asks_for_the_password_itself_does_not_get_it(tmp_path: Path) -> None:
    greeting, ask = _packet(0, b"".join(GREETING)), _packet(2, b"\xfemysql_clear_password\0")
    with (
        answering(greeting, ask) as (port, got),
        pytest.raises(PullFailed, match="asks for the password in clear text"),
    ):
        pull_one(f"mariadb://reader:hunter2@127.0.0.1:{port}/erp", "select 1 as a", folder=tmp_path)
    assert b"reader" in got[0]
    assert b"hunter2" not in b"".join(got)


def test_a_server_without_tls_is_not_spoken_to_where_the_dsn_wants_it(tmp_path: Path) -> None:
    with (
        answering(_packet(0, b"".join(GREETING))) as (port, got),
        pytest.raises(PullFailed, match="SSL is required.* Fix: turn TLS on"),
    ):
        dsn = f"mariadb://reader:hunter2@127.0.0.1:{port}/erp?ssl_mode=required"
        pull_one(dsn, "select 1 as a", folder=tmp_path)
    assert b"".join(got) == b""


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-OpenSSH_9.2\r\n", _packet(0, b"\x0a1"), _packet(0, b"\x0ax\0\1"), b""]
)
def test_what_is_no_mariadb_is_told_as_that(tmp_path: Path, answer: bytes) -> None:
    with (
        answering(answer) as (port, _),
        pytest.raises(PullFailed, match="cannot be opened.*check host, port"),
    ):
        pull_one(f"mariadb://reader:hunter2@127.0.0.1:{port}/erp", "select 1 as a", folder=tmp_path)


def test_a_host_that_is_no_name_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match="'erp' on a..b cannot be opened.*check host"):
        pull_one("mariadb://reader:hunter2@a..b/erp", "select 1 as a", folder=tmp_path)
