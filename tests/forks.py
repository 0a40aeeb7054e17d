"""One server that the processes of all tests are forked from.

What they run, it has imported: a life lasts 50 ms instead of 300, and a verb 60 instead of 500.
"""

import multiprocessing
import os
import sys
import tempfile
import threading
from collections.abc import Mapping
from multiprocessing import connection, forkserver
from pathlib import Path

FORKS = multiprocessing.get_context("forkserver")
# All that is imported late, too. Whoever else set a list would take this one's place.
FORKS.set_forkserver_preload(
    [
        "tests.forks",
        "tests.proof.crashing",
        "tests.proof.torture.worker",
        *(f"PIL.{kind}ImagePlugin" for kind in ("Bmp", "Gif", "Jpeg", "Png", "Ppm")),
        *(
            "PIL.ImageCms",
            "crosspost.feeds.formats.xml",
            "encodings.utf_16_le",
            "encodings.utf_8_sig",
            "_strptime",
            "alembic.config",
            "twitter_text",
        ),
        *(
            f"crosspost.cli.{kind}"
            for kind in (
                "about",
                "accounts",
                "act",
                "begin",
                "decide",
                "keep",
                "see",
                "shown",
                "summary",
                "timebox",
            )
        ),
        *(f"crosspost.store.{kind}" for kind in ("backup", "postgres", "sqlite")),
        *(f"sqlalchemy.dialects.{kind}" for kind in ("sqlite.pysqlite", "postgresql.psycopg")),
        *("alembic.command", "anyio._backends._asyncio", "crosspost.compose.jinja", "crosspost.engine.daemon"),
        *(
            "crosspost.http.wire",
            "httpcore",
            "psycopg",
            "regex",
            "rich.table",
            "tenacity",
        ),
        *(name for name in ("pytest",) if name in sys.modules),  # whose own script each child begins with
    ]
)
_LONGEST = 300
_HANDLING = threading.Lock()  # two threads that ask for the end of one child at once would both be told wrong


def start_server() -> None:
    """Start it now, before a test changes the environment or the folder, which it would keep for all."""
    forkserver.ensure_running()


def run_verb(*arguments: str, folder: Path, environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Run a verb in a process of its own, without a terminal; return its exit code and what it said."""
    with tempfile.TemporaryDirectory() as aside:
        out, err = Path(aside, "out"), Path(aside, "err")
        child = FORKS.Process(target=_verb, args=(arguments, folder, dict(environment), out, err))
        with _HANDLING:
            child.start()
        ended = connection.wait([child.sentinel], _LONGEST)
        with _HANDLING:
            if not ended:
                child.kill()
            child.join()
            code = child.exitcode
            child.close()
        assert ended, f"crosspost {' '.join(arguments)} did not end: {err.read_text()}"
        assert code is not None
        return code, out.read_text(), err.read_text()


def _verb(arguments: tuple[str, ...], folder: Path, environment: dict[str, str], out: Path, err: Path) -> None:
    from crosspost.cli import main

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, place, flags in (
        (0, Path(os.devnull), os.O_RDONLY),
        (1, out, os.O_WRONLY | os.O_CREAT),
        (2, err, os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(place, flags)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["crosspost", *arguments]
    main()
