"""Every moment that people are told is by the clocks of the place that is configured, whatever happens."""

import asyncio
import os
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.forks import run_verb
from tests.world import World, fresh, old

TOKYO = ZoneInfo("Asia/Tokyo")
VERBS = (
    "run-once",
    "status",
    "plan",
    "accounts",
    "deliveries",
    "check --online",
    "run-once --quiet",
    "notify --digest --print",
)
SILENT = ("accounts", "check --online", "run-once --quiet", "notify --digest --print")
"""They may name no moment."""
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)")


async def test_no_sentence_is_by_another_clock(world: World) -> None:
    """A token is dead, a network wants a pause, and limits are full. By UTC, it was all hours ago."""
    world.blog.publish(*old(2))
    await world.run(world.config(top='timezone = "Asia/Tokyo"\n', channel='limits = "1/day"'))
    world.blog.publish(*fresh(2))
    world.facebook.expire_token()
    world.x.behave(*[world.x.rate_limited()] * 9)
    for verb in VERBS:
        environment = {**os.environ, "TZ": "UTC"}
        _, out, err = await asyncio.to_thread(
            run_verb, *verb.split(), folder=world.folder, environment=environment
        )
        assert ".;" not in out, "two stops in one sentence"
        assert not re.search(r"\bUTC\b|\+00:00|\d\dZ\b", out + err), out + err
        told = [datetime.fromisoformat(" ".join(found)) for found in MOMENT.findall(out)]
        assert told or verb in SILENT, out + err
        for moment in told:
            if "digest" in verb and moment.date() < world.now.date() - timedelta(days=5):
                moment += timedelta(days=7)  # where the week begins
            assert moment.replace(tzinfo=TOKYO) > world.now - timedelta(hours=1), out
