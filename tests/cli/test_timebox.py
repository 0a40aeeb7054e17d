"""The time box on the command line: what people read, and what machines do."""

import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta

from tests.cli.program import FEED, SIGNATURE, Program

QUIET = date.today() + timedelta(days=12)
TOP = (
    'timezone = "America/Montreal"\n[time_box]\nbudget = "2h/week"\n'
    '[people.marie]\nbudget = "45m/week"\n[people.jean]\nbudget = "5m/week"\n'
)
CONFIG = (
    f'{TOP}[feeds.blog]\nurl = "feed.xml"\nbackfill = 2\n{SIGNATURE}'
    'attention = "6m"\nowner = "marie"\nlimits = ["1/30m", "3/day"]\n'
    '[channels.later]\nadapter = "email_signature"\npath = "later"\nfill = false\nattention = "2m"\n'
    f'quiet = "2026-01-01..{QUIET}"\n'
)


def started(crosspost: Program) -> Program:
    crosspost.write("crosspost.toml", CONFIG)
    assert crosspost("run-once").code == 0
    return crosspost


def test_status_shows_each_limit_and_what_the_time_box_went_to(crosspost: Program) -> None:
    said = started(crosspost)("status")
    assert said.code == 0
    lines = said.out.splitlines()
    assert "time box 2h/week: 6 of 120 minutes this week; signature 6, frees " in said.out
    assert any(line.startswith("marie 45m/week: 6m used, 39m left, frees ") for line in lines)
    assert "jean 5m/week: 0m used, 5m left" in lines
    assert any(line.startswith("signature 1/30m: 1 post used, 0 posts left, frees ") for line in lines)
    (waits,) = [line for line in lines if line.startswith("signature\t")]
    assert "\tmarie\t1 pending, 1 delivered\twaits until " in waits
    assert waits.endswith(": signature’s 1/30m is used up")


def test_on_a_terminal_limits_have_bars(crosspost: Program) -> None:
    said = started(crosspost).on_a_terminal("status")
    assert "█" in said.out
    assert "░" in said.out
    assert "█" not in crosspost("status").out


def test_a_plan_says_when_why_what_and_how_much(crosspost: Program) -> None:
    started(crosspost)
    before = crosspost.files()
    found = json.loads(crosspost("plan", "--json").out)
    assert crosspost.files().keys() == before.keys(), "nothing is written"
    first, second, third = found["deliveries"]
    assert (first["channel"], first["title"], first["reason"]) == (
        "signature",
        "L’été indien",
        "signature’s 1/30m is used up",
    )
    assert (first["attention"], first["money"], first["length"]) == ("6m", "", len(first["text"]))
    assert second["at"] == third["at"]
    assert second["at"].startswith(f"{QUIET + timedelta(days=1)}T00:00:00-0")
    assert second["reason"] == f"quiet on 2026-01-01..{QUIET}"
    lines = crosspost("plan").out.splitlines()
    assert lines[0].startswith("time box 2h/week: 6 of 120 minutes this week")
    assert [line.split("\t")[1] for line in lines[3:]] == ["signature", "later", "later"]
    assert "Il revient." not in crosspost("plan").out


def test_a_plan_on_a_terminal_is_a_week_at_a_glance(crosspost: Program) -> None:
    said = started(crosspost).on_a_terminal("plan", "--texts")
    assert sum(day in said.out for day in ("Monday ", "Tuesday ", "Sunday ")) >= 3
    assert "Later" in said.out
    assert f"{QUIET + timedelta(days=1):%a %Y-%m-%d} 00:00" in said.out
    assert "signature’s 1/30m is used up" in said.out


def test_before_the_first_run_a_plan_shows_what_that_will_do(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG)
    before = crosspost.files()
    said = crosspost("plan")
    assert said.code == 0
    assert said.out.splitlines()[0] == "time box 2h/week: 0 of 120 minutes this week"
    assert len(said.out.splitlines()) == 3 + 4
    assert crosspost.files() == before


def test_a_plan_says_what_could_not_be_read(crosspost: Program) -> None:
    started(crosspost)
    crosspost.write("feed.xml", "no feed at all")
    said = crosspost("plan")
    assert said.code == 0
    assert said.err.startswith("crosspost: feed blog: ")
    assert len(said.out.splitlines()) == 3 + 3, "what waits is planned all the same"
    crosspost.write("crosspost.toml", CONFIG.replace("backfill = 2\n", ""))
    (crosspost.folder / "crosspost.db").unlink()
    assert "nothing is ahead" in crosspost("plan").err


def test_minutes_are_booked_by_hand(crosspost: Program) -> None:
    started(crosspost)
    said = crosspost("spent", "10m", "--channel", "signature", "--note", "comments", "--as", "Jean")
    assert said.code == 0
    assert said.out.splitlines()[0] == "booked, by Jean"
    assert "time box 2h/week: 16 of 120 minutes this week; signature 16" in said.out
    assert "marie 45m/week: 16m used, 29m left" in said.out, "it cost the channel's owner"
    (sent,) = json.loads(crosspost("deliveries", "--state", "delivered", "--json").out)
    assert "; signature 11," in crosspost("spent", "1m", "--instead", str(sent["id"])).out
    (waiting,) = json.loads(
        crosspost("deliveries", "--channel", "signature", "--state", "pending", "--json").out
    )
    refused = crosspost("spent", "1m", "--instead", str(waiting["id"]))
    assert refused.code == 2
    hint = "without --instead, minutes are booked beside it"
    assert refused.problems == [f"delivery {waiting['id']} is pending, so it cost nothing; {hint}"]


def test_a_channel_is_assigned_and_given_back(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG)
    refused = crosspost("assign", "signature", "jean")
    assert refused.problems == [
        "jean cannot take signature: one post there costs 6m (attention), and jean’s 5m/week is less"
    ]
    assert crosspost("assign", "later", "jean").out == "later is jean’s\n"
    (later,) = [
        one for one in json.loads(crosspost("status", "--json").out)["channels"] if one["name"] == "later"
    ]
    assert later["owner"] == "jean"
    assert crosspost("assign", "later").out == "later is nobody’s again, as the configuration says\n"


def test_who_decided_is_on_record(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG.replace('attention = "2m"', "approve = true"))
    assert crosspost("run-once").code == 1, "two wait for a yes"
    first, second = json.loads(crosspost("deliveries", "--state", "held", "--json").out)
    assert crosspost("approve", str(first["id"]), "--as", "Marie").code == 0
    assert crosspost("skip", str(second["id"]), LOGNAME="jean").code == 0
    (skipped,) = json.loads(crosspost("deliveries", "--state", "skipped", "--json").out)
    assert skipped["reason"] == "skipped by jean"
    assert [(one["by"], one["verb"]) for one in skipped["decisions"]] == [("jean", "skip")]
    with closing(sqlite3.connect(crosspost.folder / "crosspost.db")) as database:
        rows = database.execute("SELECT made_by, verb, delivery_id FROM decisions ORDER BY id").fetchall()
    assert rows == [("Marie", "approve", first["id"]), ("jean", "skip", second["id"])]


def test_a_wait_is_a_quiet_run(crosspost: Program) -> None:
    """What waits for room costs cron nothing until there is some."""
    started(crosspost)
    assert crosspost("run-once").out == "· blog: nothing new\n"
    loaded = crosspost("run-once", PYTHONPROFILEIMPORTTIME="1")
    assert "sqlalchemy" not in loaded.err


def test_limits_in_money_are_checked_against_prices(crosspost: Program) -> None:
    secrets = {"X_TOKEN": "a-token"}
    for limit, says in (
        (
            "0.10 USD/month",
            '"0.10 USD/month" can never be met: one post of channels.x costs 0.20 USD; raise it',
        ),
        ("5 EUR/month", '"5.00 EUR/month" would never count: it is billed in USD'),
    ):
        x = f'[channels.x]\nadapter = "x"\naccess_token = {{ env = "X_TOKEN" }}\nlimits = "{limit}"\n'
        crosspost.write("crosspost.toml", CONFIG + x)
        said = crosspost("check", **secrets)
        place = f"{crosspost.folder / 'crosspost.toml'}: channels.x.limits: "
        assert (said.code, said.problems) == (2, [place + says])


def test_a_budget_that_nothing_costs_anything_of_is_mentioned(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG.replace('attention = "6m"\n', ""))
    out = crosspost("check").out
    assert (
        "people.marie.budget: limits in minutes count nothing yet: no channel they cover has attention" in out
    )
    assert "time_box.budget: limits" not in out, "later has some"


def test_a_delay_is_a_reason_too(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG + 'delay = "1h"\n')
    assert crosspost("run-once").code == 0
    later = json.loads(crosspost("deliveries", "--channel", "later", "--json").out)
    assert all(one["reason"].startswith("until ") and one["reason"].endswith(": its delay") for one in later)


def test_a_preview_shows_where_the_cut_falls_and_warns_of_repetition(crosspost: Program) -> None:
    long = "Il revient chaque automne et personne ne l’attend plus. " * 12
    again = FEED.replace(
        "</channel>",
        f"<item><title>L’été indien</title><link>https://blog.example/encore</link><description>{long}</description>"
        f"</item></channel>",
    ).replace("Il revient.", long + "Ou presque.")
    crosspost.write("feed.xml", again)
    networks = "".join(
        f'[channels.{name}]\nadapter = "x"\naccess_token = {{ env = "X_TOKEN" }}\ndry_run = true\n'
        'template = "{{ title }}. {{ excerpt }} {{ link }}"\n'
        for name in ("a", "b")
    )
    crosspost.write("crosspost.toml", CONFIG + networks)
    assert crosspost("run-once").code == 0
    said = crosspost("preview", "https://blog.example/encore")
    assert said.code == 0
    assert "cut      after “personne ne l’attend plus.”, " in said.out
    assert f"of {len(long.strip())} characters of the entry’s words" in said.out
    assert "! says the same words as a; give one of them a template of its own" in said.out
    assert said.out.count("! nearly repeats an earlier entry (") == 4
    assert "L’été indien, https://blog.example/ete" in said.out
