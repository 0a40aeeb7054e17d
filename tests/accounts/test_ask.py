"""Reading from a network ends in time and with a `PublishError`, whatever the adapter or the network does."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crosspost.accounts.ask import ask
from crosspost.config import load
from crosspost.contract import AnyAdapter
from crosspost.errors import NotSent, Rejected
from tests.verbs import closed_house

CONFIG = """
[feeds.blog]
url = "feed.xml"
[channels.x]
adapter = "x"
dry_run = true
"""
Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
def asked(tmp_path: Path) -> Ask:
    """Ask X, as a channel does."""
    (tmp_path / "crosspost.toml").write_text(CONFIG, encoding="utf-8")
    config = load(tmp_path / "crosspost.toml")

    async def asking(read: Callable[[AnyAdapter], Awaitable[Any]], **more: Any) -> Any:
        return await ask(closed_house(config), config.channels["x"], read, **more)

    return asking


async def test_what_fails_for_now_is_asked_again(asked: Ask) -> None:
    times = []

    async def read(adapter: AnyAdapter) -> str:
        times.append(adapter.kind)
        if len(times) == 1:
            raise NotSent("busy")
        return "posts"

    assert await asked(read) == "posts"
    assert times == ["x", "x"]


async def test_a_refusal_is_passed_on_at_once(asked: Ask) -> None:
    async def read(_adapter: AnyAdapter) -> None:
        raise Rejected("no such account")

    with pytest.raises(Rejected, match="no such account"):
        await asked(read)


async def test_an_adapters_own_fault_is_told_as_the_networks(
    asked: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    async def read(_adapter: AnyAdapter) -> None:
        raise KeyError("data")

    with pytest.raises(NotSent, match=r"x gave an odd answer: KeyError: 'data'"):
        await asked(read)
    assert caplog.records[0].exc_info, "with its traceback in the log"


async def test_silence_ends(asked: Ask) -> None:
    async def read(_adapter: AnyAdapter) -> None:
        await asyncio.Event().wait()

    with pytest.raises(NotSent, match="x could not be read: no answer"):
        await asked(read, deadline=timedelta(seconds=0.01))
