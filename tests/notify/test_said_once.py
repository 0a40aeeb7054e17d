"""A person is told of one thing once: what cron would mail, over ninety days and in single cases."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crosspost.cli.printing import EventPrinter
from crosspost.engine import run_once
from crosspost.report import Event, What
from crosspost.sandbox.behaviour import refuse
from crosspost.store.tables import idle
from tests.agree import agree
from tests.notify.ears import Ears
from tests.process import crosspost
from tests.verbs import read
from tests.world import BOTH_DATABASES, World, fresh, old

DAYS = 90
FEED = """<rss version="2.0"><channel><title>t</title><link>https://other.example/</link>
<item><title>one</title><link>https://other.example/one</link></item></channel></rss>"""


class Cron:
    """Runs `run-once --quiet`, and keeps what it would mail."""

    def __init__(self, world: World, capsys: pytest.CaptureFixture[str]) -> None:
        self.world = world
        self.capsys = capsys
        self.mails: list[list[str]] = []
        self.code = 0

    async def run(self) -> list[str]:
        """Run once; return the lines of its mail, if there is one."""
        config = self.world.loaded()
        self.capsys.readouterr()
        printer = EventPrinter(as_json=False, quiet=True)
        needs = await run_once(config, printer, now=lambda: self.world.now)
        said = self.capsys.readouterr()
        assert said.err == ""
        self.code = 1 if needs else 0
        if lines := said.out.splitlines():
            self.mails.append(lines)
        await agree(config, lambda: self.world.now, needs)
        return lines


@pytest.fixture
def cron(world: World, capsys: pytest.CaptureFixture[str]) -> Cron:
    return Cron(world, capsys)


@pytest.mark.timeout(300)
async def test_ninety_days_of_cron_mail_once_per_change(world: World, cron: Cron, ears: Ears) -> None:
    """A feed that is not there, a heartbeat that nobody hears, a channel that waits for a yes."""
    ears.beat_status = 404
    world.blog.publish(*old(1))
    top = f'[notify]\nheartbeat = "{ears.url}/beat"\n[feeds.other]\nurl = "other.xml"\n'
    world.config(top=top, only=("x",), channel="approve = true")
    changes: dict[int, Callable[[], object]] = {
        10: lambda: world.blog.publish(fresh(2)[1]),
        20: lambda: world.blog.publish(fresh(2)[0]),
        50: lambda: (world.folder / "other.xml").write_text(FEED),
        60: lambda: setattr(ears, "beat_status", 200),
    }
    mails: dict[int, list[str]] = {}
    for day in range(DAYS):
        changes.get(day, lambda: None)()
        if day == 40:
            assert (await crosspost(world, "approve", "--all")).out.startswith("2 deliveries approved")
        if lines := await cron.run():
            mails[day] = lines
        assert cron.code == (1 if day < 60 else 0), "as long as something needs a person"
        world.later(days=1)

    assert list(mails) == [0, 2, 10, 20, 40, 50, 60], "one for each change"
    assert mails[0][0].startswith("! feed other: ")
    assert "crosspost retry feed other" in mails[0][0]
    assert mails[2] == ["! heartbeat: its address answered 404"], "in a row"
    assert mails[10][0].startswith("! delivery 1 (x: Nouveau billet 1) held: ")
    assert mails[10][0].endswith("; crosspost approve 1 or crosspost skip 1")
    assert mails[20][0].startswith("! 2 deliveries held: ")
    assert mails[20][0].endswith("; the oldest is 1 (x: Nouveau billet 1)")
    assert [line.partition(" held")[0] for line in mails[40]] == ["✓ over: 2 deliveries"]
    assert mails[50][0].startswith("✓ over: feed other: ")
    assert mails[60] == [
        "✓ over: heartbeat: its address answered 404",
        "✓ over: nothing needs you any more",
    ]


async def test_a_run_on_a_bad_day_of_the_network_mails_nothing(world: World, cron: Cron, ears: Ears) -> None:
    world.blog.publish(*old(1))
    world.config(top=f'[notify]\nheartbeat = "{ears.url}/beat"\n', only=("x",))
    await cron.run()
    for _ in range(3):
        ears.beat_status = 503
        await cron.run()
        await cron.run()
        ears.beat_status = 200
        await cron.run()
        world.later(minutes=15)
    assert cron.mails == []
    assert cron.code == 0


async def test_what_becomes_less_is_no_news_and_what_comes_back_is(world: World, cron: Cron) -> None:
    world.blog.publish(*old(1))
    world.config(only=("x",), channel="approve = true")
    await cron.run()
    for entry in reversed(fresh(3)):
        world.blog.publish(entry)
        assert len(await cron.run()) == 1
        world.later(minutes=15)
    assert (await crosspost(world, "skip", "3")).code == 0
    assert await cron.run() == [], "two of the three still wait, as was said"
    assert (await crosspost(world, "skip", "--all")).code == 0
    assert len(await cron.run()) == 2
    world.blog.publish(fresh(4)[3])
    assert len(await cron.run()) == 1


@BOTH_DATABASES
@pytest.mark.parametrize("quiet", [True, False])
async def test_a_crash_after_the_line_was_printed_says_it_once_more(
    world: World, capsys: pytest.CaptureFixture[str], quiet: bool
) -> None:
    def needed() -> list[str]:
        return [line for line in capsys.readouterr().out.splitlines() if line.startswith("! delivery ")]

    class Crash(BaseException):
        """The process ends."""

    world.blog.publish(*old(1))
    await world.run(world.config(only=("x",), channel="approve = true"))
    world.blog.publish(*fresh(1))
    printer = EventPrinter(as_json=False, quiet=quiet)

    def dies(event: object) -> None:
        printer(event)  # type: ignore[arg-type]
        if "needs you" in str(event):
            raise Crash

    with pytest.raises(Crash):
        await run_once(world.loaded(), dies, now=lambda: world.now)
    (printed,) = needed()
    assert "Nouveau billet 0" in printed
    world.later(minutes=2)
    assert len(await run_once(world.loaded(), printer, now=lambda: world.now)) == 1
    assert needed() == [printed]
    await run_once(world.loaded(), printer, now=lambda: world.now)
    assert needed() == []


@BOTH_DATABASES
async def test_what_services_tell_and_what_runs_print_do_not_silence_each_other(
    world: World, cron: Cron, ears: Ears
) -> None:
    world.blog.publish(*old(1))
    world.config(top=f'[notify.webhook]\nurl = "{ears.url}/hook"\n', only=("x",))
    await cron.run()
    world.x.behave(refuse(400, {"detail": "not this, it is too long"}))
    world.blog.publish(*fresh(1))
    assert len(await cron.run()) == 1
    assert ears.titles == ["crosspost: 1 failed: Nouveau billet 0 (x)"]
    assert (await crosspost(world, "skip", "--all")).code == 0
    assert len(await cron.run()) == 2
    assert ears.titles[1:] == ["crosspost: all is well again"]
    assert await cron.run() == []


async def test_a_service_that_takes_nothing_is_said_in_what_runs_print(
    world: World, cron: Cron, ears: Ears
) -> None:
    ears.status = 500
    world.blog.publish(*old(1))
    world.config(top=f'[notify.webhook]\nurl = "{ears.url}/hook"\n', only=("x",), channel="approve = true")
    config = world.loaded()
    events: list[Event] = []
    await run_once(config, lambda _: None, now=lambda: world.now)
    world.blog.publish(*fresh(1))
    lines = []
    for _ in range(6):
        await run_once(config, events.append, now=lambda: world.now)
        lines.append([event.text for event in events if event.what is What.NEEDED])
        events.clear()
        world.later(minutes=15)
    assert [len(said) for said in lines] == [1, 0, 1, 0, 0, 0], (
        "the entry; then, after three tries, the service"
    )
    assert lines[2][0].startswith("notify.webhook: the webhook answered 500")
    ears.status = 200
    await run_once(config, lambda _: None, now=lambda: world.now)
    assert ears.titles == ["crosspost: 1 waits for your yes: Nouveau billet 0 (x)"], "it is not told of itself"


async def test_a_service_that_lost_one_message_keeps_no_later_run_from_being_quiet(
    world: World, cron: Cron, ears: Ears
) -> None:
    ears.status = 500
    world.blog.publish(*old(1))
    world.config(top=f'[notify.webhook]\nurl = "{ears.url}/hook"\n', only=("x",), channel="approve = true")
    await cron.run()
    world.blog.publish(*fresh(1))
    await run_once(world.loaded(), lambda _: None, now=lambda: world.now)  # and not told: nothing took it
    assert (await crosspost(world, "skip", "--all")).code == 0
    world.later(minutes=15)
    await run_once(world.loaded(), lambda _: None, now=lambda: world.now)
    assert await read(world.loaded(), lambda tx: tx.execute(sa.select(idle)).first()) is not None
