"""Runs that tell: collected, once per change, and never in the way of a delivery."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from crosspost.config import load
from crosspost.errors import ConfigError
from crosspost.sandbox.behaviour import refuse
from tests.notify.ears import Ears
from tests.process import crosspost, ended, running, started, until
from tests.world import BOTH_DATABASES, World, fresh, old


def top(ears: Ears, more: str = "") -> str:
    return f'[notify]\n{more}\n[notify.webhook]\nurl = "{ears.url}/hook"\n'


async def begun(world: World, ears: Ears, more: str = "", **lines: Any) -> None:
    """Write the configuration and take in what is there."""
    world.blog.publish(*old(1))
    await world.run(world.config(top=top(ears, more), only=("x",), **lines))


async def later(world: World, **span: float) -> None:
    world.later(**span)
    await world.run(world.loaded())


@BOTH_DATABASES
async def test_what_needs_a_person_is_told_once_and_then_that_all_is_well(world: World, ears: Ears) -> None:
    await begun(world, ears)
    assert ears.heard == []
    world.x.behave(*[refuse(400, {"title": "No", "detail": "not this, it is too long"})] * 2)
    world.blog.publish(*fresh(2))
    await later(world)
    assert ears.titles == ["crosspost: 2 failed (x)"], "two of the same kind are one sentence"
    says = "2 deliveries failed: X answered 400: not this, it is too long; "
    says += "crosspost retry 1 2 or crosspost skip 1 2"
    assert says in ears.heard[0]["text"]
    for _ in range(3):
        await later(world, hours=1)
    assert len(ears.heard) == 1
    assert (await crosspost(world, "skip", "--all")).code == 0
    await later(world, hours=1)
    assert ears.titles[1:] == ["crosspost: all is well again"]
    await later(world, hours=1)
    assert len(ears.heard) == 2


async def test_what_changes_is_told_again(world: World, ears: Ears) -> None:
    await begun(world, ears)
    for number in (1, 2):
        world.x.behave(refuse(400, {"title": "No", "detail": "not this, it is too long"}))
        world.blog.publish(fresh(3)[number])
        await later(world, minutes=5)
    assert ears.titles == ["crosspost: 1 failed: Nouveau billet 1 (x)", "crosspost: 2 failed (x)"]
    assert "2 deliveries failed" in ears.heard[1]["text"]


async def test_a_flood_held_is_one_sentence(world: World, ears: Ears) -> None:
    await begun(world, ears)
    world.blog.publish(*fresh(30))
    await later(world)
    (message,) = ears.heard
    assert message["title"] == "crosspost: 30 wait for your yes (x)"
    assert "30 deliveries held" in message["text"]


async def test_what_waits_for_a_yes_is_told_with_all_that_one_needs_to_say_it(world: World, ears: Ears) -> None:
    await begun(world, ears, channel="approve = true")
    world.blog.publish(*fresh(1))
    await later(world)
    (message,) = ears.heard
    assert message["title"] == "crosspost: 1 waits for your yes: Nouveau billet 0 (x)"
    (need,) = message["needs"]
    assert (need["channel"], need["title"]) == ("x", "Nouveau billet 0")
    assert need["link"] == "https://blog.example/2026/new-0/"
    preview = await crosspost(world, "preview", str(need["entry_id"]), "--channel", "x", "--json")
    assert need["words"] == json.loads(preview.out)[0]["text"], "the text that would go out"
    for command in need["commands"]:
        assert command in message["text"]
    assert need["words"].splitlines()[0] in message["text"]
    assert need["commands"] == ["crosspost approve 1", "crosspost skip 1"]
    approve, *_ = need["commands"]
    assert (await crosspost(world, *approve.split()[1:])).code == 0


async def test_several_that_wait_are_named_with_one_command_for_all(world: World, ears: Ears) -> None:
    world.blog.publish(*old(1))
    await world.run(world.config(top=top(ears), only=("x", "facebook"), channel="approve = true"))
    world.blog.publish(*fresh(1))
    await later(world)
    (message,) = ears.heard
    assert message["title"] == "crosspost: 2 wait for your yes: Nouveau billet 0"
    (need,) = message["needs"]
    assert need["words"].splitlines() == ["1 (facebook: Nouveau billet 0)", "2 (x: Nouveau billet 0)"]
    assert need["commands"] == ["crosspost approve 1 2", "crosspost skip 1 2"]
    world.blog.publish(*[item for item in fresh(8) if item.slug != "new-0"])
    await later(world)
    (need,) = ears.heard[1]["needs"]
    assert need["words"].splitlines()[-1] == "and 9 more"
    assert need["commands"] == ["crosspost deliveries --state held"]


async def test_a_text_that_cannot_be_made_costs_nobody_the_message(world: World, ears: Ears) -> None:
    await begun(world, ears, channel='approve = true\ntemplate = "{{ 1 // (title|length - 16) }}"')
    world.blog.publish(*fresh(1))
    await later(world)
    (message,) = ears.heard
    assert message["needs"][0]["words"] == ""
    assert "crosspost approve 1" in message["text"]


async def test_an_account_refused_and_a_feed_gone_are_told_together(world: World, ears: Ears) -> None:
    await begun(world, ears)
    world.x.expire_token()
    world.blog.publish(*fresh(1))
    world.blog.broken = None
    await later(world)
    assert "channel x" in ears.heard[0]["text"]
    world.blog.broken = Response(status_code=410)
    await later(world, minutes=20)
    assert "feed blog" in ears.heard[1]["text"]
    assert "(1 that you know of: crosspost status)" in ears.heard[1]["text"]


async def test_a_failing_service_never_stops_a_delivery_and_nothing_is_lost(world: World, ears: Ears) -> None:
    ears.status = 500
    await begun(world, ears)
    world.x.behave(refuse(400, {"detail": "not this, it is too long"}))
    world.blog.publish(*fresh(2))
    await later(world)
    assert len(world.x.posts) == 1
    assert ears.heard == []
    ears.status = 200
    await later(world, minutes=1)
    assert ears.heard == [], "not at once again"
    await later(world, minutes=5)
    assert ears.titles == ["crosspost: 1 failed: Nouveau billet 1 (x)"], "by a run in which nothing else is new"


async def test_never_more_messages_than_the_limit(world: World, ears: Ears) -> None:
    await begun(world, ears, 'limits = "1/1h"')
    for number in range(4):
        world.x.behave(refuse(400, {"detail": f"reason {number}: too long"}))
        world.blog.publish(fresh(5)[number])
        await later(world, minutes=5)
    assert len(ears.heard) == 1
    await later(world, hours=1)
    assert ears.titles == ["crosspost: 1 failed: Nouveau billet 0 (x)", "crosspost: 3 failed"]
    assert all(f"reason {number}" in ears.heard[1]["text"] for number in (1, 2, 3))


async def test_uncertain_for_long_is_told(world: World, ears: Ears) -> None:
    world.blog.publish(*old(1))
    await world.run(world.config(top=top(ears), only=("x",), channel='on_uncertain = "ask"'))
    world.x.behave(refuse(500, b"?"))
    world.blog.publish(*fresh(1))
    await later(world)
    assert "uncertain" in ears.heard[0]["text"]
    assert "crosspost resolve" in ears.heard[0]["text"]


async def test_two_processes_tell_once(world: World, ears: Ears) -> None:
    await begun(world, ears)
    world.x.behave(refuse(400, {"detail": "not this, it is too long"}))
    world.blog.publish(*fresh(1))
    async with started(world, "run-once") as one, started(world, "run-once") as other:
        await ended(one)
        await ended(other)
    await later(world)
    assert ears.titles == ["crosspost: 1 failed: Nouveau billet 0 (x)"]


async def test_the_daemon_tells_and_beats(world: World, ears: Ears) -> None:
    await begun(world, ears, f'heartbeat = "{ears.url}/beat?key=1"')
    ears.beats.clear()
    world.x.behave(refuse(400, {"detail": "not this, it is too long"}))
    world.blog.publish(*fresh(1))
    async with started(world, "run") as daemon:
        await running(daemon)
        await until(lambda: ears.beats[:2] == ["/beat/start?key=1", "/beat?key=1"])
        daemon.terminate()
        await ended(daemon)
    async with started(world, "run") as daemon:
        await running(daemon)
        await until(lambda: ears.heard)
        daemon.terminate()
        await ended(daemon)
    assert ears.titles == ["crosspost: 1 failed: Nouveau billet 0 (x)"]


async def test_each_run_is_begun_and_ended_at_the_heartbeat_s_address(world: World, ears: Ears) -> None:
    await begun(world, ears, f'heartbeat = "{ears.url}/beat/"')
    assert ears.beats == ["/beat/start", "/beat"]
    await later(world)
    assert ears.beats[2:] == ["/beat/start", "/beat"], "a run that finds nothing new, too"
    (world.folder / "crosspost.db").write_bytes(b"no database" * 1000)
    assert (await crosspost(world, "run-once")).code == 2
    assert ears.beats[4:] == ["/beat/start", "/beat/fail"]


async def test_a_heartbeat_that_nobody_hears_stops_nothing(world: World, ears: Ears) -> None:
    await begun(world, ears, 'heartbeat = "http://127.0.0.1:1/beat"')
    world.blog.publish(*fresh(1))
    said = await crosspost(world, "run-once")
    assert said.code == 0
    assert len(world.x.posts) == 1
    assert "! heartbeat: it did not get through" in said.out
    assert said.err == ""


async def test_a_test_message_says_who_took_it(world: World, ears: Ears) -> None:
    dead = '[notify.ntfy]\nurl = "http://127.0.0.1:1/topic"\n'
    world.config(top=top(ears) + dead, only=("x",))
    said = await crosspost(world, "notify")
    assert said.code == 1
    assert "✓ webhook: took a test message" in said.out
    assert "✗ ntfy: did not take it" in said.out
    world.config(only=("x",))
    assert "nobody is to be told yet" in (await crosspost(world, "notify")).err


async def test_secrets_of_services_never_show(
    world: World, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    canaries = {
        "NTFY": "canary-ntfy-token",
        "TOPIC": "http://127.0.0.1:1/canary-topic",
        "URL": "json://canary-apprise/x",
    }
    for name, value in canaries.items():
        monkeypatch.setenv(name, value)
    more = '[notify.ntfy]\nurl = { env = "TOPIC" }\ntoken = { env = "NTFY" }\n'
    more += '[notify.apprise]\nurls = [{ env = "URL" }]\n'
    world.config(top=top(ears, 'heartbeat = { env = "TOPIC" }') + more, only=("x",))
    said = [await crosspost(world, verb) for verb in ("notify", "run-once", "status")]
    for one in said:
        assert "canary" not in one.out + one.err


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('[notify.ntfy]\nurl = "ntfy.sh/topic"', "line 2: notify.ntfy.url: must be an http or https address"),
        (
            '[notify.ntfy]\nurl = "https://x.example"\ntoken = "plain"',
            "line 3: notify.ntfy.token is a secret in plain",
        ),
        ('[notify.gotify]\nurl = "https://x.example"', "line 1: notify.gotify.token is missing"),
        ('[notify.emial]\nhost = "x"', "did you mean email?"),
        ('[notify.email]\nhost = "x"\nsender = "nobody"\nto = "a@b.example"', "notify.email.sender"),
        ('[notify]\nlimits = "30m/day"', "counts messages"),
        ('[notify]\nheartbeat = "beat"', "must be an http or https address"),
        ('[notify.apprise]\nurls = ["json://plain"]', "notify.apprise.urls is a secret in plain text"),
        ("[notify.apprise]\nurls = []", "notify.apprise.urls must be at least 1 long"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, lines: str, says: str) -> None:
    path = tmp_path / "crosspost.toml"
    path.write_text(
        f'{lines}\n[feeds.blog]\nurl = "feed.xml"\n[channels.s]\nadapter = "email_signature"\npath = "s"\n'
    )
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert says in str(caught.value)
