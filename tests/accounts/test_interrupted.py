"""^C and ^D end `connect` at once, wherever it waits; what was in use stays, and so does the terminal."""

import asyncio
import re

import httpx
import pytest

from tests.accounts.keyboard import Keyboard, at_a_terminal
from tests.accounts.person import configured, lines
from tests.accounts.test_connect import stored
from tests.world import World

INTERRUPT, END = "\x03", "\x04"
APP = ("Client ID: ", "sandbox-client\n"), ("Client Secret", "sandbox-client-secret\n")
APP1 = ("Consumer Key: ", "{0.consumer_key}\n"), ("Consumer Secret", "{0.consumer_secret}\n")
STOPS = [
    ("x", (), (), "Number"),
    ("x", ("--way", "oauth2"), (), "Client ID: "),
    ("x", ("--way", "oauth2"), APP[:1], "Client Secret"),
    ("x", ("--way", "oauth2"), APP, "Waiting for the answer"),
    ("x", ("--way", "oauth2", "--paste"), APP, "The whole address it ended on"),
    ("x", ("--way", "oauth1"), APP1, "The PIN that X shows"),
]


async def led_to(keyboard: Keyboard, answers: tuple[tuple[str, str], ...], last: str) -> None:
    for words, typed in answers:
        await keyboard.until(words)
        await hides_if_it_will(keyboard, words)
        await keyboard.type(typed)
    await keyboard.until(last)
    await hides_if_it_will(keyboard, last)


async def hides_if_it_will(keyboard: Keyboard, words: str) -> None:
    """Wait until the terminal hides what is typed: what is typed before is thrown away then."""
    if "Secret" in words or "PIN" in words or "whole address" in words:
        async with asyncio.timeout(30):
            while keyboard.echoes:  # noqa: ASYNC110 - the terminal has no event for it
                await asyncio.sleep(0.01)


@pytest.mark.parametrize(("channel", "arguments", "answers", "last"), STOPS, ids=[stop[-1] for stop in STOPS])
async def test_it_ends_at_once_and_nothing_was_changed(
    world: World, channel: str, arguments: tuple[str, ...], answers: tuple[tuple[str, str], ...], last: str
) -> None:
    configured(world, lines(world, channel))
    before = (world.folder / "crosspost.toml").read_bytes()
    async with at_a_terminal(world, "connect", channel, "--no-browser", *arguments) as keyboard:
        known = world.x.authority1
        await led_to(keyboard, tuple((words, typed.format(known)) for words, typed in answers), last)
        await keyboard.type(INTERRUPT if last != "Client ID: " else END)
        assert await keyboard.child.wait() == 130
        assert keyboard.echoes
        await keyboard.until("crosspost: interrupted; nothing was changed")
        assert "Traceback" not in keyboard.shown
    assert await stored(world, channel) is None
    assert (world.folder / "crosspost.toml").read_bytes() == before


async def test_at_the_last_question_it_says_that_the_account_is_connected(world: World) -> None:
    configured(world, lines(world, "linkedin"))
    async with at_a_terminal(world, "connect", "linkedin", "--way", "member", "--no-browser") as keyboard:
        await led_to(keyboard, APP, "Waiting for the answer")
        found = re.search(r"(http://\S+/authorization\?\S+)", keyboard.shown)
        assert found is not None
        async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
            await browser.get(found[1])
        await (await keyboard.until("Write it there?")).type(INTERRUPT)
        assert await keyboard.child.wait() == 130
        await keyboard.until("linkedin is connected; its table lacks the lines above")
    assert await stored(world, "linkedin") is not None
