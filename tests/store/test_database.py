"""The database: migrated once whoever comes first, refused when it is not ours, its errors sentences."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import crosspost.migrations as migrations
from crosspost.config import DatabaseAddress
from crosspost.errors import StoreError
from crosspost.store import deliveries, feeds
from crosspost.store.database import Database, Tx
from crosspost.store.mounts import network_file_system
from crosspost.store.sqlite import Sqlite
from crosspost.store.tables import metadata
from tests.postgres import Server


def schema(connection: sa.Connection) -> dict[str, object]:
    """Return what can be compared of a schema: columns with type and nullability, keys, indexes."""
    inspector = sa.inspect(connection)
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)],
            inspector.get_pk_constraint(table)["constrained_columns"],
            sorted(str(i["column_names"]) for i in inspector.get_indexes(table)),
            sorted(str(u["column_names"]) for u in inspector.get_unique_constraints(table)),
            sorted(str(f["constrained_columns"]) for f in inspector.get_foreign_keys(table)),
        )
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


async def test_the_migrations_make_the_tables_that_code_sees(database: Database, postgres: Server) -> None:
    migrated = await database.read(schema)
    url = "sqlite://" if database.address.path else postgres.database().replace("://", "+psycopg://", 1)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        metadata.create_all(connection)
        assert migrated == schema(connection)
    engine.dispose()


async def test_what_an_older_crosspost_wrote_is_taken_over(address: DatabaseAddress) -> None:
    """By revision 0001: one delivery that went out, one that waits, a feed, a heartbeat."""
    database = Database(address)

    def as_of_0001(tx: Tx) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = tx
        command.upgrade(config, "0001")
        tx.execute(sa.text("INSERT INTO feeds (name, baseline_at) VALUES ('blog', '2026-11-01 10:00:00.0')"))
        tx.execute(sa.text("INSERT INTO heartbeat (id, at, every) VALUES (1, '2026-11-01 10:00:00.0', 60)"))
        insert_entry = (
            "INSERT INTO entries (id, feed, title, permalink, summary, content, authors, categories, language,"
            " picture_url, picture_alt, revision, baseline, first_seen) VALUES (1, 'blog', 't', 'p', '', '',"
            " '[]', '[]', 'fr', '', '', 'r', false, '2026-11-01 10:00:00.0')"
        )
        tx.execute(sa.text(insert_entry))
        for number, state, remote_id in ((1, "delivered", "x1"), (2, "pending", "")):
            insert_delivery = (
                f"INSERT INTO deliveries (entry_id, channel, state, reason, key, attempts, counted, not_before,"
                f" note, remote_id, url, created, updated) VALUES (1, 'c{number}', '{state}', '', 'k{number}',"
                f" 0, 0, '2026-11-01 10:00:00.0', '', '{remote_id}', '', '2026-11-01 10:00:00.0',"
                f" '2026-11-01 10:00:00.0')"
            )
            tx.execute(sa.text(insert_delivery))

    await database.write(as_of_0001)
    assert await database.migrate()
    assert not await database.migrate(), "once is enough"
    now = datetime(2026, 11, 2, tzinfo=UTC)
    assert await database.read(deliveries.due_channels, now, "") == {"c2": 1}
    assert await database.read(deliveries.receipts, "c1", ["x1"]) == {"x1": 1}
    assert (await database.read(feeds.load, ["blog"]))["blog"].after_gap == 0
    await database.close()


def test_head_is_known_without_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == migrations.HEAD
    assert {script.revision for script in scripts.walk_revisions()} == migrations.REVISIONS


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text("<rss version='2.0'><channel><title>t</title></channel></rss>")
    (tmp_path / "crosspost.toml").write_text(
        '[feeds.a]\nurl = "feed.xml"\n[channels.s]\nadapter = "email_signature"\npath = "s"\n'
    )
    command = [sys.executable, "-m", "crosspost", "migrate"]
    together = [
        subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [child.communicate() for child in together]
    assert [child.returncode for child in together] == [0, 0, 0, 0], said
    assert sum("brought up to date" in out for out, _ in said) >= 1
    with sqlite3.connect(tmp_path / "crosspost.db") as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    connection.close()


async def test_writes_are_durable(database: Database) -> None:
    def asked(tx: Tx, *settings: str) -> list[object]:
        return [tx.execute(sa.text(setting)).scalar() for setting in settings]

    if database.address.path is not None:
        pragmas = ("PRAGMA journal_mode", "PRAGMA synchronous", "PRAGMA foreign_keys")
        assert await database.read(asked, *pragmas) == ["wal", 2, 1]
    else:
        assert await database.read(asked, "SHOW synchronous_commit", "SHOW timezone") == ["on", "UTC"]


@pytest.mark.parametrize(
    ("setting", "default", "ours"),
    [
        ("synchronous_commit", "off", "on"),  # it would lose commits
        ("default_transaction_isolation", "'repeatable read'", "read committed"),
    ],
)
async def test_a_servers_own_defaults_do_not_count(
    postgres: Server, setting: str, default: str, ours: str
) -> None:
    """What is decided under a lock must see what was committed before it was taken, and be durable."""
    url = postgres.database()
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"ALTER ROLE CURRENT_USER SET {setting} = {default}")
    try:
        database = Database(DatabaseAddress(url=url))
        show = sa.text(f"SHOW {setting.removeprefix('default_')}")
        shown = await database.read(lambda tx: tx.execute(show).scalar())
        await database.close()
    finally:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f"ALTER ROLE CURRENT_USER RESET {setting}")
    assert shown == ours


def add_one(tx: Tx) -> None:
    feeds.lock(tx, ["blog"])
    found = tx.execute(sa.text("SELECT count(*) FROM channels")).scalar()
    tx.execute(sa.text(f"INSERT INTO channels (name) VALUES ('c{found}')"))


def count(tx: Tx) -> object:
    return tx.execute(sa.text("SELECT count(*) FROM channels")).scalar()


async def test_writers_wait_their_turn(database: Database) -> None:
    others = [Database(database.address) for _ in range(3)]
    await asyncio.gather(*(one.write(add_one) for one in (database, *others) for _ in range(10)))
    assert await database.read(count) == 40
    for one in others:
        await one.close()


async def test_a_failed_write_leaves_nothing(database: Database) -> None:
    def fail(tx: Tx) -> None:
        add_one(tx)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(fail)
    assert await database.read(count) == 0


def an_hour_ahead() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


async def test_time_is_the_servers_where_there_is_one(postgres: Server) -> None:
    """Replicas whose clocks differ count leases by one clock."""
    real = datetime.now(UTC)
    wrong = Database(
        DatabaseAddress(url=postgres.database()), clock=lambda: datetime.now(UTC) + timedelta(hours=1)
    )
    await wrong.migrate()
    assert abs(wrong.now() - real) < timedelta(minutes=30)
    await wrong.close()


async def test_a_lock_that_is_kept_too_long_is_said(tmp_path: Path) -> None:
    path = tmp_path / "crosspost.db"
    database = Database(DatabaseAddress(path=path))
    await database.migrate()
    await database.close()
    hasty = Sqlite(path, patience=timedelta(seconds=0.2))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"another program kept the database .* locked for 0\.2 s"):
            await hasty.transact(add_one, writes=True)
        assert await hasty.transact(count, writes=False) == 0, "readers need not wait"
        other.execute("ROLLBACK")
    await hasty.transact(add_one, writes=True)
    await hasty.close()


async def test_a_transaction_that_another_one_overtook_begins_anew(tmp_path: Path) -> None:
    """SQLite says so by an extended code, SQLITE_BUSY_SNAPSHOT."""
    database = Database(DatabaseAddress(path=tmp_path / "crosspost.db"))
    await database.migrate()
    seen = []
    with closing(sqlite3.connect(tmp_path / "crosspost.db")) as other:

        def read_then_write(tx: Tx) -> None:
            seen.append(count(tx))
            if len(seen) == 1:
                with other:
                    other.execute("INSERT INTO channels (name) VALUES ('faster')")
            add_one(tx)

        await database.read(read_then_write)
    assert seen == [0, 1]
    await database.close()


async def test_a_refusal_is_told_from_a_lock_by_its_code_not_by_its_words(tmp_path: Path) -> None:
    database = Database(DatabaseAddress(path=tmp_path / "crosspost.db"))
    await database.migrate()
    refuses = "CREATE TRIGGER no AFTER INSERT ON channels BEGIN SELECT RAISE(ABORT, 'locked away'); END"
    await database.write(lambda tx: tx.execute(sa.text(refuses)))
    with pytest.raises(StoreError, match="cannot be used: locked away"):
        await database.write(add_one)
    await database.close()


async def test_a_newer_programs_database_is_refused_and_left_as_it_is(address: DatabaseAddress) -> None:
    database = Database(address)
    await database.migrate()
    await database.write(lambda tx: tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(StoreError, match=r"newer crosspost.*update crosspost"):
        await database.migrate()
    version = await database.read(
        lambda tx: tx.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    )
    assert version == "9999"
    await database.close()


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    database = Database(DatabaseAddress(path=tmp_path / "file" / "crosspost.db"))
    with pytest.raises(StoreError, match="cannot be made"):
        await database.migrate()
    await database.close()


async def test_a_password_may_come_from_where_libpq_looks(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.asking_for_a_password("hunter22") as url:
        place = tmp_path / "pgpass"
        place.write_text("*:*:*:*:hunter22")
        place.chmod(0o600)
        for name, value, comes_in in (
            ("PGPASSWORD", "hunter23", False),
            ("PGPASSWORD", "hunter22", True),
            ("PGPASSFILE", str(place), True),
        ):
            database = Database(DatabaseAddress(url=url))
            with monkeypatch.context() as patch, nullcontext() if comes_in else pytest.raises(StoreError):
                patch.setenv(name, value)
                assert await database.read(lambda tx: tx.execute(sa.text("SELECT 1")).scalar()) == 1
            await database.close()


async def test_a_server_that_is_not_there_is_said_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql://me:hunter22@/crosspost?host={tmp_path}"
    database = Database(DatabaseAddress(url=url))
    with pytest.raises(StoreError, match="check that the server runs") as caught:
        await database.migrate()
    assert "hunter22" not in str(caught.value)
    await database.close()


MOUNTS = """\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:26 / /srv rw shared:5 - nfs4 nas:/srv rw,vers=4.2
31 30 254:2 / /srv/local rw - ext4 /dev/vdb rw
32 22 0:40 / /mnt/my\\040share rw - cifs //nas/share rw
33 22 0:41 / /home/me/remote rw - fuse.sshfs me@there: rw
34 22 0:42 / /mnt/shadowed rw - nfs nas:/old rw
35 22 254:3 / /mnt/shadowed rw - xfs /dev/vdc rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib", ""),
        ("/srv/crosspost", "nfs4"),
        ("/srv/local/crosspost", ""),
        ("/srvother", ""),
        ("/mnt/my share/x", "cifs"),
        ("/home/me/remote", "fuse.sshfs"),
        ("/mnt/shadowed/x", ""),
    ],
)
def test_a_network_file_system_is_known(tmp_path: Path, folder: str, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert network_file_system(Path(folder), mounts) == kind


def test_where_mounts_are_not_told_nothing_is_refused(tmp_path: Path) -> None:
    assert network_file_system(tmp_path, tmp_path / "no such file") == ""
    assert network_file_system(tmp_path) == "", "the tests run on a local disk"


def test_a_database_on_a_network_file_system_is_refused(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"30 22 0:26 / {tmp_path} rw shared:5 - nfs4 nas:/srv rw,vers=4.2\n")
    path = tmp_path / "crosspost.db"
    with pytest.raises(StoreError, match=r"network file system \(nfs4\).*local disk, or use PostgreSQL"):
        Sqlite(path, mounts=mounts).make_place()
    assert not path.exists()
