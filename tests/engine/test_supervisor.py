"""What systemd hears of the daemon, over a real datagram socket: ready, alive, reading anew, about to end."""

import asyncio
import os
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest

from crosspost.engine.supervisor import Supervisor, what_is_next
from tests.engine.test_reload import catches
from tests.postgres import Server
from tests.process import HANGS, ended, started, until
from tests.world import World, old

FACEBOOK = ("facebook",)
PATIENCE = timedelta(seconds=1)
"""After how long without a sign of life this systemd would end the daemon."""
Words = dict[str, str]


class Systemd:
    """The other end of `$NOTIFY_SOCKET`."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind(address)

    async def hears(self, within: float = HANGS) -> Words:
        """Return the next message. Raise `TimeoutError` if none comes."""
        async with asyncio.timeout(within):
            return self.words(await asyncio.get_running_loop().sock_recv(self.socket, 8192))

    def heard(self) -> list[Words]:
        """Return what lies there already."""
        said = []
        with suppress(BlockingIOError):
            while True:
                said.append(self.words(self.socket.recv(8192)))
        return said

    @staticmethod
    def words(datagram: bytes) -> Words:
        return dict(line.split("=", 1) for line in datagram.decode().split("\n"))

    async def hears_of(self, word: str) -> Words:
        """Return the next message with this word, and pass over signs of life."""
        while word not in (words := await self.hears()):
            assert "WATCHDOG" in words, words
        return words


@pytest.fixture(params=["a path", "an abstract name"])
def systemd(request: pytest.FixtureRequest, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    with listening(world, monkeypatch, abstract=request.param == "an abstract name") as made:
        yield made


@contextmanager
def listening(world: World, monkeypatch: pytest.MonkeyPatch, *, abstract: bool = False) -> Iterator[Systemd]:
    """Listen as systemd does, and let the daemon of this world know where."""
    name = f"crosspost-{os.getpid()}-{id(world)}" if abstract else os.path.relpath(world.folder / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}" if abstract else str(world.folder / "notify"))
    made = Systemd(f"\0{name}" if abstract else name)  # a path from the root may be too long to bind
    with closing(made.socket):
        yield made


@asynccontextmanager
async def daemon(world: World) -> AsyncIterator[int]:
    async with started(world, "run") as child:
        yield child.pid
        child.terminate()
        assert (await ended(child)).code == 0


async def test_it_says_when_it_is_ready_reads_anew_and_ends(world: World, systemd: Systemd) -> None:
    world.blog.publish(*old(2))
    world.config(only=FACEBOOK)
    path = world.folder / "crosspost.toml"
    async with started(world, "run") as child:
        assert await systemd.hears() == {"READY": "1", "STATUS": "1 feed, 1 channel"}
        assert (await systemd.hears_of("WATCHDOG"))["STATUS"] == "1 feed, 1 channel; nothing is due"
        world.config(only=("facebook", "x"))
        child.send_signal(signal.SIGHUP)
        assert int((await systemd.hears_of("RELOADING"))["MONOTONIC_USEC"]) > 0
        assert (await systemd.hears_of("READY"))["STATUS"] == "1 feed, 2 channels"
        path.write_text("[feeds.blog\n", encoding="utf-8")
        child.send_signal(signal.SIGHUP)
        await systemd.hears_of("RELOADING")
        said = (await systemd.hears_of("READY"))["STATUS"]
        assert said == "1 feed, 2 channels; a wrong configuration was not taken over"
        child.terminate()
        assert (await systemd.hears_of("STOPPING"))["STOPPING"] == "1"
        assert (await ended(child)).code == 0


async def test_it_is_not_ready_before_its_database_is_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.run(world.config(only=FACEBOOK))
    with (
        listening(world, monkeypatch) as systemd,
        closing(sqlite3.connect(world.folder / "crosspost.db", isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        async with started(world, "run") as child:
            await until(lambda: catches(child, signal.SIGTERM))
            assert not systemd.heard()
            other.execute("ROLLBACK")
            assert (await systemd.hears())["READY"] == "1"
            child.terminate()
            assert (await ended(child)).code == 0


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
async def test_it_gives_no_sign_of_life_while_its_store_hangs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database's server is frozen, so that it neither answers nor refuses; the loop itself would go on."""
    await world.run(world.config(only=FACEBOOK))
    monkeypatch.setenv("WATCHDOG_USEC", str(PATIENCE // timedelta(microseconds=1)))
    with listening(world, monkeypatch) as systemd:
        async with daemon(world):
            await systemd.hears_of("READY")
            for _ in range(3):
                assert (await systemd.hears(within=HANGS))["WATCHDOG"] == "1"
            with frozen(world.postgres):
                systemd.heard()
                with pytest.raises(TimeoutError):
                    await systemd.hears(within=3 * PATIENCE.total_seconds())
            assert (await systemd.hears())["WATCHDOG"] == "1", "it goes on where it stood"


@contextmanager
def frozen(url: str) -> Iterator[None]:
    """Stop the server's processes that serve crosspost, as a dead disk would."""
    with psycopg.connect(url, autocommit=True) as connection:
        asked = "SELECT pid FROM pg_stat_activity WHERE application_name = 'crosspost'"
        serving = [pid for (pid,) in connection.execute(asked).fetchall()]
        assert serving
        for pid in serving:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in serving:
                os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
async def test_a_store_that_refuses_is_told_and_no_reason_to_be_ended(
    world: World, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the server is away, another daemon in this one's place could do no more."""
    await world.run(world.config(only=FACEBOOK))
    monkeypatch.setenv("WATCHDOG_USEC", str(PATIENCE // timedelta(microseconds=1)))
    with listening(world, monkeypatch) as systemd:
        async with daemon(world):
            await systemd.hears_of("READY")
            postgres.stop()
            try:
                while (
                    "check that the server runs" not in (words := await systemd.hears_of("WATCHDOG"))["STATUS"]
                ):
                    pass
                assert words["WATCHDOG"] == "1"
            finally:
                postgres.start()
            while "nothing is due" not in (await systemd.hears_of("WATCHDOG"))["STATUS"]:
                pass


def test_without_a_socket_nothing_is_said_and_nothing_watches() -> None:
    assert Supervisor.of({"WATCHDOG_USEC": "1000000"}) == Supervisor()
    Supervisor().ready("1 feed")


@pytest.mark.parametrize(
    ("watchdog", "patience"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, timedelta(seconds=30)),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, timedelta(seconds=30)),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "-5"}, None),
    ],
)
def test_a_watchdog_is_ours_or_none(watchdog: Words, patience: timedelta | None) -> None:
    supervisor = Supervisor.of({"NOTIFY_SOCKET": "/run/notify", **watchdog})
    assert supervisor.patience == patience
    assert supervisor.within(60) == (60 if patience is None else 15)


def test_a_socket_where_nobody_listens_stops_nothing(tmp_path: Path) -> None:
    Supervisor(str(tmp_path / "nobody")).ready("1 feed")


def test_what_is_said_is_one_line_and_holds_no_secret(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from crosspost.redact import CONFIGURATION, MASK, remember

    remember("a-token-of-somebody", of=CONFIGURATION)
    with listening(world, monkeypatch) as systemd:
        Supervisor.of(os.environ).alive("refused:\na-token-of-somebody\x1b[31m\nREADY=1")
        (words,) = systemd.heard()
    assert set(words) == {"WATCHDOG", "STATUS"}
    assert words["STATUS"].startswith(f"refused: {MASK}")


NOW = datetime(2026, 8, 1, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        (None, "nothing is due"),
        (NOW, "next: now"),
        (datetime(2026, 8, 1, 21, 30, tzinfo=UTC), "next: 23:30"),
        (datetime(2026, 8, 1, 22, 30, tzinfo=UTC), "next: Sun 2026-08-02 00:30"),
    ],
)
def test_what_is_next_is_said_by_the_clock_on_the_wall(moment: datetime | None, says: str) -> None:
    assert what_is_next(moment, NOW, ZoneInfo("Europe/Paris")) == says
