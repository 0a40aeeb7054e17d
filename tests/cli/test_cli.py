"""The command line, run as users run it: verbs, exit codes, `--json`, pipes and terminals."""

import json
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest

from crosspost import __version__
from tests.cli.program import CONFIG, Program

COLOUR = re.compile(r"\x1b\[(?:\d+;)*3[0-7]m")
X = '[channels.x]\nadapter = "x"\ndry_run = true\n'
HELD = f"{CONFIG}approve = true\n"


def read_json(text: str) -> Any:
    assert "\x1b" not in text
    return json.loads(text)


def test_a_run_announces_and_the_next_finds_nothing_new(crosspost: Program) -> None:
    first = crosspost("run-once")
    assert (first.code, first.problems) == (0, [])
    assert "blog: first sight: 0 entries taken as known, 2 entries to announce" in first.out
    assert "✓ signature: L’été indien" in first.out
    assert "https://blog.example/ete" in (crosspost.folder / "signature.txt").read_text()
    before = (crosspost.folder / "signature.html").read_bytes()
    second = crosspost("run-once")
    assert (second.code, second.out, second.err) == (0, "· blog: nothing new\n", "")
    assert (crosspost.folder / "signature.html").read_bytes() == before


@pytest.mark.parametrize("place", ["before", "after", "environment", "short", "both"])
def test_the_configuration_can_be_named_in_every_place(crosspost: Program, place: str) -> None:
    (crosspost.folder / "crosspost.toml").rename(crosspost.folder / "other.toml")
    other = {"CROSSPOST_CONFIG": "other.toml"}
    said = {
        "before": lambda: crosspost("--config", "other.toml", "check"),
        "after": lambda: crosspost("check", "--config", "other.toml"),
        "short": lambda: crosspost("-c", "other.toml", "check"),
        "environment": lambda: crosspost("check", **other),
        "both": lambda: crosspost(
            "-c", "nowhere.toml", "check", "-c", "other.toml", CROSSPOST_CONFIG="no.toml"
        ),
    }[place]()
    assert said.code == 0
    assert said.out.startswith(f"{crosspost.folder}/other.toml: feeds: 1, channels: 1\n")


def test_every_verb_that_reads_speaks_json(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG + X)
    ran = crosspost("run-once", "--json")
    events = [read_json(line) for line in ran.out.splitlines()]
    assert events[0]["event"] == "feed read"
    assert sorted(event["event"] for event in events[1:]) == [*["delivered"] * 2, *["shown"] * 2]
    assert ran.code == 0
    shown = next(event for event in events if event["event"] == "shown")
    assert shown["request"]["url"] == "https://api.x.com/2/tweets"

    status = read_json(crosspost("status", "--json").out)
    assert status["feeds"][0]["name"] == "blog"
    assert [channel["deliveries"] for channel in status["channels"]] == [{"delivered": 2}, {"shown": 2}]
    assert status["needs_person"] == []

    deliveries = read_json(crosspost("deliveries", "--json", "--state", "delivered", "--limit", "1").out)
    assert [one["channel"] for one in deliveries] == ["signature"]
    assert deliveries[0]["url"].startswith("file:///")

    assert [one["good"] for one in read_json(crosspost("check", "--json").out)["findings"]] == [True, True]
    online = read_json(crosspost("check", "--online", "--json").out)["findings"]
    assert {one["subject"]: one["text"] for one in online}["feeds.blog"] == "Carnet: 2 entries"
    assert [one["channel"] for one in read_json(crosspost("preview", "--json").out)] == ["signature", "x"]
    (by_id,) = read_json(crosspost("preview", "1", "--channel", "x", "--json").out)
    assert by_id["length"] <= by_id["limit"] == 280
    assert "access_token" in read_json(crosspost("adapters", "--json").out)["x"]["settings"]
    assert read_json(crosspost("version", "--json").out) == {"version": __version__}
    beat = crosspost("healthcheck", "--json")
    assert (beat.code, read_json(beat.out)) == (1, {"alive": False, "last": None})


def test_the_version_needs_no_configuration(crosspost: Program) -> None:
    (crosspost.folder / "crosspost.toml").unlink()
    assert crosspost("version").out == crosspost("--version").out == f"crosspost {__version__}\n"
    assert crosspost("adapters").out.startswith("email_signature: ")


def test_through_a_pipe_tables_are_tab_separated_lines_without_colour(crosspost: Program) -> None:
    crosspost("run-once")
    status, deliveries = crosspost("status").out, crosspost("deliveries").out
    for verb in (("status",), ("deliveries",), ("preview",), ("adapters",), ("check",)):
        assert "\x1b" not in crosspost(*verb).out
    assert status.splitlines()[1:] == ["signature\temail_signature\t\t2 delivered\t", "nothing needs you"]
    assert [line.split("\t")[:4] for line in deliveries.splitlines()] == [
        ["2", "delivered", "signature", "L’été indien"],
        ["1", "delivered", "signature", "One hour a week"],
    ]


def test_on_a_terminal_there_are_tables_and_colours(crosspost: Program) -> None:
    ran = crosspost.on_a_terminal("run-once")
    assert ran.code == 0
    assert COLOUR.search(ran.out)
    assert "Reading feeds" in ran.out  # the bar
    status = crosspost.on_a_terminal("status").out
    assert "\x1b[1m" in status  # the head is bold
    plain = re.sub(r"\x1b\[[\d;]*m", "", status)
    assert re.search(r"^channel +adapter +owner +deliveries +closed, or waits *\r\n", plain, re.MULTILINE)
    assert re.search(r"^signature +email_signature +2 delivered *\r\n", plain, re.MULTILINE)
    assert "\x1b[32m✓\x1b[0m channels.signature" in crosspost.on_a_terminal("check").out


@pytest.mark.parametrize("without", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["asked", "a dumb terminal"])
def test_the_table_stays_where_colours_go(crosspost: Program, without: dict[str, str]) -> None:
    for verb in (("run-once",), ("status",), ("check",), ("preview",)):
        said = crosspost.on_a_terminal(*verb, **without)
        assert said.code == 0
        assert said.out
        assert not COLOUR.search(said.out)


def test_a_quiet_run_says_nothing_when_nothing_needs_a_person(crosspost: Program) -> None:
    said = crosspost("run-once", "--quiet")
    assert (said.code, said.out, said.err) == (0, "", "")
    assert (crosspost.folder / "signature.txt").exists()


def test_what_a_person_has_in_hand_is_shown_until_it_is_done_or_skipped(crosspost: Program) -> None:
    """No channel is served by hand yet, so the database is told that one is."""
    crosspost.write("crosspost.toml", HELD)
    crosspost("run-once")
    with closing(sqlite3.connect(crosspost.folder / "crosspost.db")) as database, database:
        database.execute("UPDATE deliveries SET state = 'handed', reason = 'by hand'")
    status = crosspost("status")
    assert status.code == 1
    assert "! 2 deliveries handed: by hand; post it by hand, or crosspost skip" in status.out
    assert crosspost("skip", "1").out == "1 delivery skipped\n"
    assert crosspost("skip", "--all").out == "1 delivery skipped\n"
    assert crosspost("status").code == 0


def test_held_deliveries_wait_for_a_yes_or_a_no(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", HELD)
    crosspost("run-once")
    assert not (crosspost.folder / "signature.txt").exists()
    status = crosspost("status")
    assert status.code == 1
    assert "! 2 deliveries held: the channel's deliveries wait for crosspost approve" in status.out
    assert (
        crosspost("approve", "1").out == "1 delivery approved; it goes out when limits, hours and dates allow\n"
    )
    assert "wait for crosspost approve; crosspost approve 2 or crosspost skip 2\n" in crosspost("status").out
    assert crosspost("skip", "--all").out == "1 delivery skipped\n"
    assert crosspost("run-once").code == 0
    text = (crosspost.folder / "signature.txt").read_text()
    assert "One hour a week" in text
    assert "L’été indien" not in text
    assert crosspost("retry", "2").out == "1 delivery to be tried again, when limits and hours allow\n"
    crosspost("run-once")
    assert "L’été indien" in (crosspost.folder / "signature.txt").read_text()


def test_a_reader_who_leaves_early_is_no_error(crosspost: Program) -> None:
    command = f"{sys.executable} -m crosspost adapters | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command], cwd=crosspost.folder, capture_output=True, check=False, text=True
    )
    assert done.stdout.startswith("email_signature")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--help"], "pydantic sqlalchemy httpx jinja2 asyncio rich"),
        (["status", "--help"], "sqlalchemy httpx jinja2 rich alembic"),
        (["version"], "pydantic sqlalchemy httpx jinja2 rich"),
        (["status"], "httpx alembic jinja2 PIL rich nh3 tenacity"),
        (["deliveries"], "httpx alembic jinja2 PIL rich nh3 tenacity"),
        (["run-once"], "sqlalchemy alembic jinja2 PIL rich nh3"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_verb_loads_only_what_it_needs(crosspost: Program, arguments: list[str], unneeded: str) -> None:
    """`run-once` is the second one, which finds nothing new."""
    if "--help" not in arguments:
        crosspost("run-once")
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "crosspost", *arguments],
        cwd=crosspost.folder,
        env=crosspost.environment({}),
        capture_output=True,
        check=True,
        text=True,
    )
    loaded = {line.split("|")[-1].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "crosspost" in loaded
    assert not loaded & set(unneeded.split())


def test_the_help_of_every_verb_can_be_read_without_a_configuration(crosspost: Program) -> None:
    (crosspost.folder / "crosspost.toml").write_text("this is no TOML")
    for verb in ("run", "run-once", "status", "approve", "resolve", "preview"):
        said = crosspost(verb, "--help")
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith(f"Usage: crosspost {verb} [OPTIONS]")


def test_reconcile_says_that_nothing_is_uncertain(crosspost: Program) -> None:
    crosspost("run-once")
    assert crosspost("reconcile").out == "nothing is uncertain\n"
    assert crosspost("reconcile", "--json").out == ""


def test_a_server_that_takes_no_connection_is_told_in_our_words(crosspost: Program) -> None:
    with socket.socket() as nobody:  # bound, and not listening
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/feed.xml"
        crosspost.write("crosspost.toml", CONFIG.replace("feed.xml", address))
        said = crosspost("run-once")
    assert "127.0.0.1 did not answer: it takes no connection\n" in said.out


def test_where_nothing_waits_for_a_decision_that_is_said(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG)
    crosspost("run-once")
    for verb, state in (("approve", "held"), ("retry", "failed")):
        said = crosspost(verb, "--all")
        assert (said.code, said.out) == (
            0,
            f"nothing to {verb}: no delivery there is {state}; see crosspost deliveries\n",
        )


def test_a_feed_that_fails_once_needs_nobody_and_its_line_says_so(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG)
    crosspost("run-once")
    (crosspost.folder / "feed.xml").rename(crosspost.folder / "elsewhere.xml")
    assert crosspost("run-once").code == 0
    said = crosspost("status")
    assert "; you are told if that lasts" in said.out
    assert (said.code, said.out.splitlines()[-1]) == (0, "nothing needs you")
