"""What a run can be stuck in for minutes, as real sockets, files and frozen processes."""

import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.cli.program import SIGNATURE, Program
from tests.compose.slow_picture import slow_picture

FEED = '[feeds.blog]\nurl = "feed.xml"\nbackfill = 2\n'


@dataclass(frozen=True)
class Hang:
    """A configuration in which a run meets what hangs; `met` tells of a process whether it has."""

    configuration: str
    met: Callable[[int], bool]


Stuck = Callable[[Program], AbstractContextManager[Hang]]


class Listener:
    """Takes every connection, and says nothing; or lets `answer` begin."""

    def __init__(self, answer: Callable[[socket.socket], None] | None = None) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.server.getsockname()[1]
        self.kept: list[socket.socket] = []
        self.answer = answer
        threading.Thread(target=self.take, daemon=True).start()

    def take(self) -> None:
        with suppress(OSError):
            while True:
                self.kept.append(self.server.accept()[0])
                if self.answer:
                    threading.Thread(target=self.answer, args=(self.kept[-1],), daemon=True).start()

    def met(self, _process: int) -> bool:
        return bool(self.kept)

    def close(self) -> None:
        for one in (self.server, *self.kept):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def drip(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n")
        while True:
            connection.sendall(b"<")
            time.sleep(0.2)


def has_child(module: bytes) -> Callable[[int], bool]:
    """Tell whether a process has started a child that runs this module."""

    def has(process: int) -> bool:
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it ended while we looked
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                if int(parent) == process and module in (folder / "cmdline").read_bytes():
                    return True
        return False

    return has


@contextmanager
def frozen(folder: Path, code: str) -> Iterator[None]:
    """Let a program do something, and freeze it."""
    code += "\nimport sys; print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            holder.kill()


def serving(picture: bytes) -> Callable[[socket.socket], None]:
    """Serve a picture; show that there are no posts yet, and take one, as Facebook does."""

    def serve(connection: socket.socket) -> None:
        with suppress(OSError):
            asked = connection.recv(65_536)
            body = b'{"data": []}' if asked.startswith(b"GET") else b'{"id": "1_%d"}' % time.monotonic_ns()
            if b"slow.jpg" in asked.partition(b"\r")[0]:
                body = picture
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))

    return serve


def facebook(port: int) -> str:
    return (
        '[channels.f]\nadapter = "facebook"\npage = "1"\naccess_token = { env = "TOKEN" }\npicture = true\n'
        f'base_url = "http://127.0.0.1:{port}"\n'
    )


def states(folder: Path) -> list[str]:
    address = f"{(folder / 'crosspost.db').as_uri()}?mode=ro"  # else an empty file would be made
    with suppress(sqlite3.Error), closing(sqlite3.connect(address, uri=True)) as database:
        return [state for (state,) in database.execute("SELECT state FROM deliveries ORDER BY id")]
    return []


@contextmanager
def a_feed_that_drips(_crosspost: Program) -> Iterator[Hang]:
    with closing(Listener(drip)) as site:
        feed = f'[feeds.blog]\nurl = "http://127.0.0.1:{site.port}/feed.xml"\n'
        yield Hang(feed + SIGNATURE, site.met)


@contextmanager
def a_feed_that_takes_long_to_read(crosspost: Program) -> Iterator[Hang]:
    attributes = " ".join(f'a{n}="1"' for n in range(60_000))
    item = f"<item><title>x</title><x {attributes}/></item>"
    crosspost.write("feed.xml", f"<rss version='2.0'><channel>{item}</channel></rss>")
    yield Hang(FEED + SIGNATURE, has_child(b"crosspost.feeds.child"))


@contextmanager
def a_picture_that_takes_long_to_decode(crosspost: Program) -> Iterator[Hang]:
    with closing(Listener(serving(slow_picture()))) as network:
        url = f"http://127.0.0.1:{network.port}/slow.jpg"
        picture = f'<enclosure url="{url}" type="image/jpeg" length="1"/></item>'
        feed = crosspost.folder / "feed.xml"
        feed.write_text(feed.read_text().replace("</item>", picture))
        configuration = FEED + "allow_private = true\n" + facebook(network.port)
        yield Hang(configuration, has_child(b"crosspost.child.picture"))


@contextmanager
def a_network_that_does_not_answer(_crosspost: Program) -> Iterator[Hang]:
    with closing(Listener()) as network:
        yield Hang(FEED + facebook(network.port), network.met)


@contextmanager
def a_frozen_program_that_holds_the_signature(crosspost: Program) -> Iterator[Hang]:
    """It has the lock of the signature's folder, as another crosspost would."""
    with frozen(crosspost.folder, "import fcntl, os; fcntl.flock(os.open('.', os.O_RDONLY), fcntl.LOCK_EX)"):
        yield Hang(FEED + SIGNATURE, lambda _: "sending" in states(crosspost.folder))


@contextmanager
def a_frozen_program_that_holds_the_database(crosspost: Program) -> Iterator[Hang]:
    assert crosspost("migrate").code == 0

    def has_opened(process: int) -> bool:
        with suppress(OSError):
            opened = Path(f"/proc/{process}/fd").iterdir()
            return any(one.readlink().name == "crosspost.db" for one in opened)
        return False

    code = "import sqlite3; c = sqlite3.connect('crosspost.db'); c.isolation_level = None"
    with frozen(crosspost.folder, f"{code}; c.execute('BEGIN IMMEDIATE')"):
        yield Hang(FEED + SIGNATURE, has_opened)


@contextmanager
def a_database_server_that_says_nothing(_crosspost: Program) -> Iterator[Hang]:
    with closing(Listener()) as server:
        yield Hang(f'database = "postgresql://me@127.0.0.1:{server.port}/x"\n{FEED}{SIGNATURE}', server.met)


@contextmanager
def a_service_that_is_told_and_hangs(_crosspost: Program) -> Iterator[Hang]:
    with closing(Listener()) as service:
        notify = f'[notify.webhook]\nurl = "http://127.0.0.1:{service.port}/x"\n'
        yield Hang(f"{FEED}{SIGNATURE}approve = true\n{notify}", service.met)


@contextmanager
def a_watchdog_that_hangs(_crosspost: Program) -> Iterator[Hang]:
    with closing(Listener()) as watchdog:
        beat = f'[notify]\nheartbeat = "http://127.0.0.1:{watchdog.port}/x"\n'
        yield Hang(f"{FEED}{SIGNATURE}{beat}", watchdog.met)


STUCK: list[Stuck] = [
    a_feed_that_drips,
    a_feed_that_takes_long_to_read,
    a_picture_that_takes_long_to_decode,
    a_network_that_does_not_answer,
    a_frozen_program_that_holds_the_signature,
    a_frozen_program_that_holds_the_database,
    a_database_server_that_says_nothing,
    a_service_that_is_told_and_hangs,
    a_watchdog_that_hangs,
]
