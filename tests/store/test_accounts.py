"""Whom channels speak for, on record: also of those that are gone, and when the network says it later."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from crosspost.config import Config, load
from crosspost.config.account import account_key
from crosspost.model import State
from crosspost.store import accounts, deliveries
from crosspost.store.database import Tx
from crosspost.store.tables import deliveries as table
from tests.store.test_deliveries import a_delivery, get

TOKEN = 'access_token = { env = "TOKEN" }'


def config(folder: Path, *names: str, secret: str = TOKEN) -> Config:
    path = folder / "crosspost.toml"
    tables = "".join(f'[channels.{name}]\nadapter = "x"\n{secret}\n' for name in names)
    path.write_text(f'[feeds.f]\nurl = "f.xml"\n{tables}')
    return load(path)


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "a-token-of-forty-characters-0123456789-a")


def test_what_a_channel_said_before_anybody_noted_it_is_its_accounts(tx: Tx, tmp_path: Path) -> None:
    channels = config(tmp_path, "c").channels
    before, gone = a_delivery(tx, State.DELIVERED), a_delivery(tx, State.DELIVERED, channel="gone")
    assert accounts.unnoted(tx, channels.values())
    accounts.note(tx, channels.values())
    assert not accounts.unnoted(tx, channels.values())
    assert get(tx, before.id).account == account_key(channels["c"])
    assert get(tx, gone.id).account == "", "nobody can tell any more"


def test_what_the_network_says_later_holds_for_what_went_out_before(tx: Tx, tmp_path: Path) -> None:
    channel = config(tmp_path, "c").channels["c"]
    delivery = a_delivery(tx, State.DELIVERED)
    accounts.note(tx, [channel])
    accounts.learn(tx, channel, "42")
    connected = config(tmp_path, "other", secret="").channels["other"]
    known = account_key(connected, "42")
    assert get(tx, delivery.id).account == known == accounts.of(tx, [channel])["c"]


def test_what_is_left_goes_to_the_heir_but_for_what_it_has(tx: Tx) -> None:
    twice, once = a_delivery(tx, channel="old"), a_delivery(tx, State.HELD, channel="old")
    out = a_delivery(tx, State.DELIVERED, channel="old")
    tx.execute(sa.update(table).values(account="us"))
    row = dict(tx.execute(sa.select(table).where(table.c.id == twice.id)).mappings().one())
    tx.execute(sa.insert(table).values(row | {"id": 99, "channel": "new", "key": "another"}))
    assert deliveries.left_behind(tx, ["new"]) == [("old", "us")]
    assert deliveries.hand_over(tx, "old", "us", "new") == 1
    assert [get(tx, one.id).channel for one in (twice, once, out)] == ["old", "new", "old"]
