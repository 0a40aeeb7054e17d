"""A database as an earlier crosspost left it, and the networks that it had spoken to.

`python -m tests.store.past` lives a life with the code as it is, and writes down what is left of it under the
number of its schema. Done with the last commit before the schema changes, it gives the next one a past.
"""

import base64
import itertools
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from crosspost import migrations
from crosspost.migrations import HEAD
from crosspost.sandbox.authority import Grant, Token
from crosspost.sandbox.behaviour import drop, refuse
from crosspost.sandbox.server import serve
from crosspost.sandbox.standin import Post
from tests.accounts.person import Person, connected
from tests.notify.ears import Ears
from tests.process import crosspost
from tests.proof.crashing import Life
from tests.proof.stage import living
from tests.world import Item, World, a_world, old

KEY = base64.urlsafe_b64encode(b"a key of the tests, 32 bytes lon").decode()
CHANNELS = ("facebook", "x", "linkedin", "tumblr")
_DIES_AT = "answered POST /v26.0/102030405060708/feed"


def news(number: int) -> Item:
    """Return one of the entries that were new in the past."""
    return Item(slug=f"news-{number}", title=f"Nouvelle {number}", summary=f"Du neuf, numéro {number}. " * 8)


def configure(world: World, ears: Ears) -> None:
    """Write the configuration of that life: X is connected, Tumblr wants a yes, LinkedIn cannot be read."""
    own = {
        "facebook": 'page = "102030405060708"\naccess_token = { env = "FACEBOOK" }',
        "x": f'login_url = "{world.urls["x"]}"',
        "linkedin": f'author = "{world.author}"\naccess_token = {{ env = "LINKEDIN" }}',
        "tumblr": 'blog = "sandbox"\napprove = true\naccess_token = { env = "TUMBLR" }',
    }
    text = f'database = "{world.postgres}"\n' if world.postgres else ""
    text += f'[feeds.blog]\nurl = "{world.blog_url}/feed.xml"\nallow_private = true\n'
    text += f'[people.marie]\n[notify.webhook]\nurl = "{ears.url}/hook"\n'
    for name in CHANNELS:
        text += f'[channels.{name}]\nadapter = "{name}"\nbase_url = "{world.urls[name]}"\n{own[name]}\n'
        text += 'attention = "5m"\n'
    (world.folder / "crosspost.toml").write_text(text, encoding="utf-8")
    for network in world.networks:
        network.clock = lambda: world.now
        network.refuses_duplicates = False  # nothing but our own memory, and our own eyes
    world.x.token = "known-to-nobody"


async def live(world: World, ears: Ears) -> None:
    """Come to have deliveries in every state, money spent, people told, and a credential in the vault."""
    configure(world, ears)
    await connected(world, Person(), "x", way="oauth2")
    world.blog.publish(*old(3))
    await world.run(world.loaded())

    world.later(minutes=5)
    world.blog.publish(news(1))  # out on three channels; skipped on the fourth
    await world.run(world.loaded())
    for verb in (["skip", "--channel", "tumblr"], ["assign", "linkedin", "marie"], ["spent", "10m"]):
        said = await crosspost(world, *verb, "--as", "marie")
        assert said.code == 0, said

    world.later(minutes=5)
    world.blog.publish(news(2))
    world.facebook.behave(drop(accept=False))  # uncertain, and not there
    world.x.behave(drop(accept=True))  # uncertain, and there
    world.linkedin.behave(refuse(400, {"message": "no"}))
    await world.run(world.loaded())

    world.later(minutes=1)
    world.blog.publish(news(3))
    (world.folder / "now").write_text(world.now.isoformat())
    life = Life(config=world.folder / "crosspost.toml", now=world.folder / "now", at=_DIES_AT)
    async with living(life) as replica:
        assert (await replica.says())[-1] == _DIES_AT  # Facebook has it, and nobody will ever say so
    world.later(minutes=2, seconds=30)


async def take_up(world: World, ears: Ears, schema: str) -> None:
    """Let a world go on where the life of that schema ended: that moment is its now."""
    left = json.loads(Path(__file__).with_name(f"{schema}.json").read_text(encoding="utf-8"))
    # Whole seconds: a notice's mark is a moment without its fraction.
    since = timedelta(seconds=(world.now - _moment(left["now"])) // timedelta(seconds=1))
    configure(world, ears)
    _fill(world, schema, left["tables"], since)
    world.blog.publish(*(news(number) for number in (3, 2, 1)), *old(3))
    for kind, posts in left["posts"].items():
        network = world.network(kind)
        network.numbers = itertools.count(2001)
        for post in posts:
            network.posts.append(Post(**post | {"created": _moment(post["created"]) + since}))
    grant = Grant(scopes=tuple(left["tables"]["credentials"][0]["scopes"].split()), began=world.now)
    for kind, tokens in left["x"].items():
        for token, expires in tokens.items():
            getattr(world.x.authority, kind)[token] = Token(grant=grant, expires=_moment(expires) + since)


def engine_of(world: World) -> sa.Engine:
    """Return a way to the world's database beside crosspost's own."""
    url = world.postgres.replace("://", "+psycopg://", 1) or f"sqlite:///{world.folder}/crosspost.db"
    return sa.create_engine(url, poolclass=sa.NullPool)


def rows_of(world: World) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, by the database's own word on what there is."""
    with engine_of(world).connect() as tx:
        there = sa.MetaData()
        there.reflect(tx)
        return {
            table.name: [
                dict(row) for row in tx.execute(table.select().order_by(*table.primary_key)).mappings()
            ]
            for table in there.sorted_tables
            if table.name != "alembic_version"
        }


def _fill(world: World, schema: str, tables: Mapping[str, Any], since: timedelta) -> None:
    """Make the tables of a schema, and put the rows into them, as much later as the life is taken up."""
    how = Config()
    how.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine_of(world).begin() as tx:
        how.attributes["connection"] = tx
        command.upgrade(how, schema)
        there = sa.MetaData()
        there.reflect(tx)
        for table in there.sorted_tables:
            if rows := [_later(table, row, since) for row in tables.get(table.name, ())]:
                tx.execute(table.insert(), rows)
            if rows and "id" in table.c and tx.dialect.name == "postgresql":
                last = f"SELECT setval('{table.name}_id_seq', (SELECT max(id) FROM {table.name}))"
                tx.exec_driver_sql(last)


def _later(table: sa.Table, row: Mapping[str, Any], since: timedelta) -> dict[str, Any]:
    later = dict(row)
    for name, value in row.items():
        if value is not None and isinstance(table.c[name].type, sa.DateTime):
            later[name] = _moment(value) + since
    if table.name == "notices" and row["mark"].startswith("2"):  # the moment of what the notice is about
        later["mark"] = (_moment(row["mark"]) + since).isoformat(timespec="seconds")
    return later


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def written(world: World) -> dict[str, Any]:
    """Return all that is left of a life, as JSON can hold it."""
    authority = world.x.authority
    return {
        "now": world.now,
        "tables": {name: rows for name, rows in rows_of(world).items() if rows},
        "posts": {kind: [asdict(post) for post in world.network(kind).posts] for kind in CHANNELS},
        "x": {
            kind: {name: token.expires for name, token in getattr(authority, kind).items()}
            for kind in ("access", "refresh")
        },
    }


async def main() -> None:
    os.environ["CROSSPOST_KEY"] = KEY
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        ears = Ears()
        async with a_world(Path(folder), patch) as world, serve(ears.app) as ears.url:
            await live(world, ears)
            left = written(world)
    file = Path(__file__).with_name(f"{HEAD}.json")
    file.write_text(json.dumps(left, indent=1, default=str, ensure_ascii=False) + "\n", encoding="utf-8")
    print(file)
