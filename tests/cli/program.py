"""The real program, in a process of its own, with a blog in a folder."""

import errno
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.forks import run_verb

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Carnet</title><link>https://blog.example/</link>
<item><title>L’été indien</title><link>https://blog.example/ete</link><description>Il revient.</description>
<category>Automne</category></item>
<item><title>One hour a week</title><link>https://blog.example/hour</link>
<description>A limit.</description></item>
</channel></rss>"""

SIGNATURE = '[channels.signature]\nadapter = "email_signature"\npath = "signature"\nfill = false\n'
CONFIG = f'[feeds.blog]\nurl = "feed.xml"\nbackfill = 2\n{SIGNATURE}'


@dataclass(frozen=True)
class Said:
    """What one run of the program came to."""

    code: int
    out: str
    err: str

    @property
    def problems(self) -> list[str]:
        """Return the sentences on standard error; fail if there is anything else."""
        lines = self.err.splitlines()
        assert all(line.startswith("crosspost: ") for line in lines), self.err
        return [line.removeprefix("crosspost: ") for line in lines]


class Program:
    """Run crosspost in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("feed.xml", FEED)
        self.write("crosspost.toml", CONFIG)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def files(self) -> dict[str, bytes]:
        """Return what is in the folder: unchanged means that nothing was written."""
        return {str(path): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def __call__(self, *arguments: str, **environment: str) -> Said:
        """Run a verb; with an interpreter of its own where the environment tells that something."""
        if not any(name.startswith("PYTHON") for name in environment):
            return Said(*run_verb(*arguments, folder=self.folder, environment=self.environment(environment)))
        done = subprocess.run(
            [sys.executable, "-m", "crosspost", *arguments],
            cwd=self.folder,
            env=self.environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    def on_a_terminal(self, *arguments: str, program: Sequence[str] = (), **environment: str) -> Said:
        """Run under a pseudo-terminal, where standard output and error are one; a verb, or another program."""
        terminal, end = pty.openpty()
        process = subprocess.Popen(
            [*(program or (sys.executable, "-m", "crosspost")), *arguments],
            cwd=self.folder,
            env=self.environment({"TERM": "xterm-256color", "COLUMNS": "100", **environment}),
            stdin=end,
            stdout=end,
            stderr=end,
        )
        os.close(end)
        pieces = []
        try:
            while piece := os.read(terminal, 65_536):
                pieces.append(piece)
        except OSError as error:  # how Linux says that the other end is closed
            if error.errno != errno.EIO:
                raise
        finally:
            os.close(terminal)
        return Said(process.wait(timeout=60), b"".join(pieces).decode(), "")

    def environment(self, changes: dict[str, str]) -> dict[str, str]:
        unwanted = ("CROSSPOST_CONFIG", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")
        kept = {name: value for name, value in os.environ.items() if name not in unwanted}
        return {**kept, "HOME": str(self.folder), **changes}
