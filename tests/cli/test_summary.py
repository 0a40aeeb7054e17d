"""What a run ends with: a line for each channel that had something, and the command that fits what it left."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from crosspost.config import Config, load
from crosspost.model import State
from crosspost.policy import Need, topic_of
from crosspost.report import Event, What, is_news
from crosspost.views.summary import Line, Standing, summary_of
from tests.cli.program import CONFIG, FEED, SIGNATURE, Program

BLOG = '[feeds.blog]\nurl = "feed.xml"\n'
X = '[channels.x]\nadapter = "x"\ndry_run = true\nattention = "6m"\n'
BOX = '[time_box]\nbudget = "2h/week"\n'


@pytest.fixture
def config(crosspost: Program) -> Config:
    return load(crosspost.write("crosspost.toml", f"{CONFIG}{X}"))


def told(what: What, subject: str = "x", **data: Any) -> Event:
    return Event(what=what, subject=subject, text="", data=data)


def need(*topic: str) -> Need:
    return Need(topic=topic_of(*topic), mark="", text="")


def standing(state: State, count: int = 1, first: int = 7) -> Mapping[str, Standing]:
    return {"x": Standing(count={state: count}, why={state: "that is why"}, first={state: first})}


FIRST_SIGHT = told(What.FEED_READ, "blog", new=0, first_sight=True)
SHOWN, DELIVERED = told(What.SHOWN), told(What.DELIVERED, "signature", url="file:///there")


@pytest.mark.parametrize(
    ("events", "left", "needs", "commands"),
    [
        ([FIRST_SIGHT], {}, [], ("preview",)),
        ([DELIVERED], {}, [], ("deliveries",)),
        ([DELIVERED, SHOWN], {}, [], ("connect x",)),
        ([told(What.SHOWN, "signature")], {}, [], ("run-once",)),
        ([DELIVERED], standing(State.PENDING), [], ("plan",)),
        ([told(What.FEED_FAILED, "blog")], {}, [], ("check --online",)),
        ([SHOWN], standing(State.HELD), [need("held", "")], ("approve 7", "skip 7")),
        ([SHOWN], standing(State.HELD, 3), [need("held", "")], ("deliveries --state held", "approve --all")),
        ([SHOWN], standing(State.FAILED), [need("failed", "")], ("retry 7", "skip 7")),
        ([SHOWN], standing(State.UNCERTAIN), [need("uncertain", "")], ("deliveries --state uncertain",)),
        ([DELIVERED], standing(State.HELD), [need("account", "x")], ("connect x",)),
        ([DELIVERED], {}, [need("channel", "x")], ("check --online",)),
        (
            [DELIVERED],
            {},
            [need("channel", "x"), replace(need("feed", "blog"), remedies=("crosspost retry feed blog",))],
            ("retry feed blog",),
        ),
    ],
)
def test_the_next_command_fits_what_the_run_left(
    config: Config,
    events: list[Event],
    left: Mapping[str, Standing],
    needs: list[Need],
    commands: tuple[str, ...],
) -> None:
    summary = summary_of(config, events, left, needs, ())
    assert summary.next is not None
    assert summary.next.commands == commands


def test_each_channel_has_one_line_with_the_gravest_reason(config: Config) -> None:
    events = [
        told(What.FEED_READ, "blog", new=3, not_announced={"signature": {"not its category": 2}}),
        *[SHOWN] * 2,
        DELIVERED,
        told(What.FEED_FAILED, "news"),
    ]
    left = {**standing(State.PENDING, 2), "gone": standing(State.HELD)["x"]}
    assert summary_of(config, events, left, (), ()).lines == [
        Line(subject="news", what="not read"),
        Line(subject="signature", what="1 delivered, 2 skipped", why="not its category"),
        Line(subject="x", what="2 shown (dry run), 2 wait", why="that is why"),
        Line(subject="gone", what="1 held", why="that is why"),
    ]


@pytest.mark.parametrize(
    ("event", "news"),
    [
        (told(What.FEED_UNCHANGED), False),
        (told(What.FEED_READ, new=0, edited=2), False),
        (told(What.FEED_READ, new=1, edited=0), True),
        (FIRST_SIGHT, True),
        (told(What.DUE, count=3), False),
        (told(What.FEED_FAILED), True),
    ],
)
def test_a_run_in_which_nothing_is_new_has_no_summary(event: Event, news: bool) -> None:
    assert is_news(event) is news


# The real program


def test_through_a_pipe_a_run_ends_in_plain_aligned_lines(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", f"{BOX}{CONFIG}{X}")
    ran = crosspost("run-once")
    assert "\x1b" not in ran.out
    lines, limits, step = ran.out.split("\n\n")[-3:]
    assert lines.splitlines() == [
        f"signature  2 delivered        file://{crosspost.folder}/signature.txt",
        "x          2 shown (dry run)",
    ]
    assert limits == "time box 2h/week: 0 of 120 minutes this week; as if sent: 12 minutes; x 12"
    assert step.splitlines() == [
        "next, to send on x: take dry_run out of [channels.x] in crosspost.toml, then",
        "    crosspost connect x",
    ]
    assert "api.x.com" not in ran.out
    assert crosspost("run-once").out == "· blog: nothing new\n"


def test_the_example_ends_where_a_blog_of_ones_own_begins(crosspost: Program) -> None:
    crosspost.write("config.example.toml", f"{CONFIG}{X}")
    said = crosspost("run-once", "-c", "config.example.toml").out
    assert said.endswith("\nnext, to begin with your own blog:\n    crosspost init\n")


def test_a_configuration_of_another_name_is_named_in_the_next_command(crosspost: Program) -> None:
    crosspost.write("my blog.toml", f"{BLOG}{SIGNATURE}")
    assert crosspost("run-once", "-c", "my blog.toml").out.endswith(
        "\n    crosspost -c 'my blog.toml' preview\n"
    )


def test_what_is_held_is_summed_up_with_its_yes_and_its_no(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", f"{CONFIG.replace('backfill = 2', 'backfill = 1')}approve = true\n")
    out = crosspost("run-once").out
    assert "\nsignature  1 held  the channel's deliveries wait for crosspost approve\n" in out
    assert out.endswith("\n    crosspost approve 1\n    crosspost skip 1\n")


def test_requests_are_shown_to_whoever_asks_for_them(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", f"{CONFIG}{X}")
    assert "POST https://api.x.com/2/tweets" not in crosspost("preview").out
    for verb in ("preview", "run-once"):
        assert '"text": "L’été indien' in crosspost(verb, "--requests").out


def test_a_dry_run_counts_as_shown_and_can_be_retried(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", f"{BOX}{CONFIG}{X}")
    crosspost("run-once")
    status = crosspost("status").out
    assert "x\tx\t\t2 shown\t" in status
    assert "as if sent: 12 minutes; x 12" in status
    (limit,) = json.loads(crosspost("status", "--json").out)["limits"]
    assert (limit["used"], limit["shown"]) == (0, 12)
    shown = json.loads(crosspost("deliveries", "--json", "--state", "shown").out)
    assert [(one["state"], one["channel"]) for one in shown] == [("shown", "x")] * 2
    assert crosspost("deliveries", "--state", "skipped").out == ""
    both = crosspost("deliveries", "--state", "skipped", "--state", "shown").out
    assert len(both.splitlines()) == 2
    assert crosspost("retry", str(shown[0]["id"])).code == 0
    assert "→ x: would be sent (dry run)" in crosspost("run-once").out


def test_what_is_scheduled_is_said_to_be(crosspost: Program) -> None:
    crosspost("run-once")
    ahead = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0)
    item = "<item><title>Soon</title><link>https://blog.example/soon</link><pubDate>{}</pubDate></item><item>"
    crosspost.write("feed.xml", FEED.replace("<item>", item.format(format_datetime(ahead)), 1))
    crosspost.write("crosspost.toml", f'timezone = "Asia/Tokyo"\n{CONFIG}')
    ran = crosspost("run-once")
    local = ahead + timedelta(hours=9)
    assert f"· blog: 1 scheduled for {local:%a %Y-%m-%d %H:%M}\n" in ran.out
    assert "\nsignature  1 waits  until " in ran.out
    assert ran.out.endswith("\n    crosspost plan\n")


# The log


GONE = f'{BLOG}{SIGNATURE}[notify]\nheartbeat = "http://127.0.0.1:9/"\n'


@pytest.mark.parametrize("chosen", ["text", "json", "by the environment", "nobody"])
def test_the_log_is_written_as_chosen(crosspost: Program, chosen: str) -> None:
    deaf = '[notify.ntfy]\nurl = "http://127.0.0.1:9/nobody"\n'
    crosspost.write("crosspost.toml", f'timezone = "Asia/Tokyo"\n{GONE}{deaf}')
    options = ["--log-format", chosen] if chosen in ("text", "json") else []
    environment = {"CROSSPOST_LOG_FORMAT": "text"} if chosen == "by the environment" else {}
    (line, *_) = crosspost("notify", *options, **environment).err.splitlines()
    if chosen in ("json", "nobody"):
        assert json.loads(line)["level"] == "warning"
    else:
        date, time, level, said = line.split(" ", 3)
        written = datetime.fromisoformat(f"{date}T{time}+09:00")
        assert abs(written - datetime.now(UTC)) < timedelta(hours=1)
        assert (level, "ntfy" in said) == ("warning", True)


def test_another_form_of_log_is_refused(crosspost: Program) -> None:
    assert crosspost("run", "--log-format", "xml").code == 2
    assert crosspost("run-once", CROSSPOST_LOG_FORMAT="xml").code == 2
