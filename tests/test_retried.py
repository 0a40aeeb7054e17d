"""Reading from a network ends in time and with a `PublishError`, whatever the adapter or the network does."""

import asyncio
from datetime import timedelta

import pytest

from crosspost import retried
from crosspost.errors import NotSent, Rejected


async def test_what_fails_for_now_is_asked_again() -> None:
    asked = []

    async def read(what: str) -> str:
        asked.append(what)
        if len(asked) == 1:
            raise NotSent("busy")
        return what

    assert await retried.asked("X", read, "posts") == "posts"
    assert asked == ["posts", "posts"]


async def test_a_refusal_is_passed_on_at_once() -> None:
    async def read() -> None:
        raise Rejected("no such account")

    with pytest.raises(Rejected, match="no such account"):
        await retried.asked("X", read)


async def test_an_adapters_own_fault_is_told_as_the_networks(caplog: pytest.LogCaptureFixture) -> None:
    async def read() -> None:
        raise KeyError("data")

    with pytest.raises(NotSent, match=r"X gave an odd answer: KeyError: 'data'"):
        await retried.asked("X", read)
    assert caplog.records[0].exc_info, "with its traceback in the log"


async def test_silence_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retried, "DEADLINE", timedelta(seconds=0.01))
    with pytest.raises(NotSent, match="X could not be read: no answer"):
        await retried.asked("X", asyncio.Event().wait)
