"""The mail that says, once a week, how it was."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crosspost.config import load
from crosspost.errors import ConfigError
from crosspost.sandbox.behaviour import refuse
from crosspost.text import local_time
from tests.notify.mails import Box, Page
from tests.process import crosspost, ended, started
from tests.proof.crashing import Life
from tests.proof.stage import living
from tests.world import BOTH_DATABASES, World, fresh, old

ENV = {"MAIL": "canary-mail-password"}
LINES = 'attention = "30m"\nowner = "marie"'


def top(world: World, mail: Box, *, days: int = 2) -> str:
    """Write a configuration with a digest that is due in so many days, whatever day it is."""
    due = world.now + timedelta(days=days)
    return (
        f'[notify]\ndigest = "{due:%A %H:%M}"\n[notify.email]\nhost = "127.0.0.1"\nport = {mail.port}\n'
        'tls = "none"\nuser = "marie"\npassword = { env = "MAIL" }\nsender = "crosspost@blog.example"\n'
        'to = "marie@blog.example"\n[time_box]\nbudget = "2h/week"\n[people.marie]\nbudget = "3h/month"\n'
    )


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL", ENV["MAIL"])


async def begun(world: World, mail: Box, **lines: Any) -> None:
    world.blog.publish(*old(1))
    only = lines.pop("only", ("x", "facebook"))
    await world.run(world.config(top=top(world, mail), only=only, **({"channel": LINES} | lines)))


async def later(world: World, **span: float) -> None:
    world.later(**span)
    await world.run(world.loaded())


def shown(mail: Any) -> tuple[str, Page]:
    """Return a mail's text, and its page."""
    text, page = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
    return text, Page(page)


@BOTH_DATABASES
async def test_it_comes_once_a_week_and_never_at_first_sight(world: World, mail: Box) -> None:
    await begun(world, mail)
    await later(world, days=1, hours=23)
    assert mail.mails == []
    await later(world, hours=2)
    assert len(mail.mails) == 1
    for _ in range(3):
        await later(world, days=2)
    assert len(mail.mails) == 1
    await later(world, days=16)
    assert len(mail.mails) == 2, "one for all the time that the machine slept"
    await later(world, hours=1)
    assert len(mail.mails) == 2


async def test_it_says_how_the_week_was(world: World, mail: Box) -> None:
    await begun(world, mail)
    world.blog.publish(*fresh(2)[1:])
    await later(world, hours=1)
    world.facebook.behave(refuse(400, {"error": {"message": "no", "code": 100}}))
    world.blog.publish(*fresh(2)[:1])
    await later(world, hours=1)
    mail.mails.clear()  # what needs a person was told at once
    await later(world, days=2)
    (got,) = mail.mails
    assert got["Subject"].endswith(": 3 posts, 1 to do")
    text, page = shown(got)
    assert "Nouveau billet 1: facebook, x\n" in text
    assert "Nouveau billet 0: x\n" in text
    assert "minutes: facebook 30m, x 1h" in text
    assert "by person: marie 1h30m" in text
    assert "the time box (2h/week): " in text
    assert "of 2h from " in text
    assert "marie (3h/month): 1h30m of 3h from " in text
    assert "crosspost retry" in text
    for post in (*world.x.posts, *world.facebook.posts):
        number = post.id.rpartition("_")[2]
        assert any(str(link).endswith(number) for link in page.links), post
    assert page.links.count("https://blog.example/2026/new-0/") == 2, "out on X, and refused by Facebook"
    assert "What it took" in page.text


async def test_that_nothing_went_out_is_worth_a_mail(world: World, mail: Box) -> None:
    await begun(world, mail)
    await later(world, days=3)
    (got,) = mail.mails
    assert got["Subject"].endswith("nothing went out")
    assert "Nothing went out in this time." in shown(got)[0]


async def test_what_is_ahead_and_what_waits_is_in_it(world: World, mail: Box) -> None:
    await begun(world, mail, only=("x",), channel=f'{LINES}\ndelay = "5d"')
    world.blog.publish(*fresh(1))
    await later(world, hours=1)
    world.blog.publish(*[item for item in fresh(30) if item.slug != "new-0"])
    await later(world, hours=1)
    mail.mails.clear()
    await later(world, days=2)
    (got,) = mail.mails
    text, _ = shown(got)
    due = world.now - timedelta(days=2, hours=1) + timedelta(days=5)
    assert f"WHAT GOES OUT NEXT\n\n{local_time(due)}, x: Nouveau billet 0" in text
    assert "WHAT WAITS\n\nx: " in text
    assert "and 19 more: crosspost plan" in text


async def test_a_quiet_run_wakes_up_for_it(world: World, mail: Box) -> None:
    await begun(world, mail)
    due = world.now + timedelta(days=2)
    with closing(sqlite3.connect(world.folder / "crosspost.db")) as database:
        ((until,),) = database.execute("SELECT until FROM idle").fetchall()
    assert datetime.fromisoformat(until) == due.replace(second=0, microsecond=0, tzinfo=None)


async def test_what_the_mail_server_refused_is_sent_later(world: World, mail: Box) -> None:
    await begun(world, mail)
    good = world.toml(top=top(world, mail), only=("x", "facebook"), channel=LINES)
    refused = good.replace('"marie@blog', '"nobody@blog')
    (world.folder / "crosspost.toml").write_text(refused)
    await later(world, days=3)
    assert mail.mails == []
    (world.folder / "crosspost.toml").write_text(good)
    await later(world, minutes=1)
    assert mail.mails == [], "not at once again"
    await later(world, minutes=5)
    assert len(mail.mails) == 1


async def test_a_crash_between_the_mail_and_its_record_sends_once_more(world: World, mail: Box) -> None:
    await begun(world, mail)
    world.later(days=3)
    (world.folder / "now").write_text(world.now.isoformat())
    life = Life(config=world.folder / "crosspost.toml", now=world.folder / "now", at="commit begin", env=ENV)
    async with living(life) as frozen:
        await frozen.says()
        assert len(mail.mails) == 1
    await later(world, minutes=10)
    assert len(mail.mails) == 2
    await later(world, minutes=10)
    assert len(mail.mails) == 2


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
async def test_two_replicas_send_one(world: World, mail: Box) -> None:
    await begun(world, mail)
    world.later(days=3)
    async with started(world, "run-once") as one, started(world, "run-once") as other:
        await ended(one)
        await ended(other)
    await later(world, minutes=10)
    assert len(mail.mails) == 1


async def test_one_can_be_had_now(world: World, mail: Box) -> None:
    await begun(world, mail, only=("x",))
    world.blog.publish(*fresh(1))
    await world.run(world.loaded())  # now: the program that follows has a true clock
    said = await crosspost(world, "notify", "--digest", "--print")
    assert said.code == 0, said.err
    assert "WHAT WENT OUT" in said.out
    assert mail.mails == []
    said = await crosspost(world, "notify", "--digest")
    assert (said.code, said.out) == (0, "✓ email: took the digest\n")
    assert "Nouveau billet 0: x" in shown(mail.mails[0])[0]
    await later(world, days=3)
    assert len(mail.mails) == 2, "the next one comes as if nobody had asked"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('[notify]\ndigest = "Monday 08:00"', "line 2: notify.digest goes by mail; add [notify.email]"),
        ('[notify]\ndigest = "8:00"', "line 2: notify.digest: '8:00' is no moment of a week"),
        ('[notify]\ntell = ["delivered"]', "line 2: notify.tell tells nobody; add [notify.email]"),
        ('[notify]\ntell = ["everything"]', "line 2: notify.tell item 1 must be 'delivered'"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, lines: str, says: str) -> None:
    path = tmp_path / "crosspost.toml"
    channel = '[channels.s]\nadapter = "email_signature"\npath = "s"\n'
    path.write_text(f'{lines}\n[feeds.blog]\nurl = "feed.xml"\n{channel}')
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert says in str(caught.value)
