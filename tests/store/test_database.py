"""The database: migrated once whoever comes first, refused when it is not ours, its errors sentences."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

import crosspost.migrations as migrations
from crosspost.errors import StoreError
from crosspost.store.database import Database
from crosspost.store.tables import metadata


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(tmp_path / "crosspost.db")
    await opened.migrate()
    yield opened
    await opened.close()


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


async def test_the_migrations_make_the_tables_that_code_sees(database: Database) -> None:
    async with database.read() as tx:
        migrated = await tx.run_sync(schema)
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        assert migrated == schema(connection)
    engine.dispose()


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


async def test_writes_are_durable_and_wait_their_turn(database: Database) -> None:
    async with database.read() as tx:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert (await tx.execute(sa.text(f"PRAGMA {pragma}"))).scalar() == value

    async def add_one() -> None:
        async with database.write() as tx:
            found = (await tx.execute(sa.text("SELECT count(*) FROM channels"))).scalar()
            await tx.execute(sa.text(f"INSERT INTO channels (name) VALUES ('c{found}')"))

    await asyncio.gather(*(add_one() for _ in range(20)))
    async with database.read() as tx:
        assert (await tx.execute(sa.text("SELECT count(*) FROM channels"))).scalar() == 20


async def test_a_failed_write_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as tx:
            await tx.execute(sa.text("INSERT INTO channels (name) VALUES ('c')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.read() as tx:
        assert (await tx.execute(sa.text("SELECT count(*) FROM channels"))).scalar() == 0


async def test_a_newer_programs_database_is_refused_and_left_as_it_is(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    before = database.path.read_bytes()
    again = Database(database.path)
    with pytest.raises(StoreError, match=r"newer crosspost.*update crosspost"):
        await again.migrate()
    await again.close()
    assert database.path.read_bytes() == before


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary, this is no database. " * 100)
    database = Database(path)
    with pytest.raises(StoreError, match=r"notes\.txt cannot be used: file is not a database"):
        await database.migrate()
    await database.close()
    assert path.read_text().startswith("Dear diary")


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    database = Database(tmp_path / "file" / "crosspost.db")
    with pytest.raises(StoreError, match="cannot be made"):
        await database.migrate()
    await database.close()
