"""What a beginning came to, and what comes next. Pure."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crosspost.beginning.compose import Answers
from crosspost.beginning.found import Found, FoundFeed


@dataclass(frozen=True, slots=True)
class Step:
    """A command to run next, and what it is for."""

    command: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A first configuration, written, after the first sight of the blog."""

    path: Path
    found: Found
    feed: FoundFeed
    answers: Answers
    left: Path | None = None
    """A database that was there before; None if there was none."""
    signatures: Sequence[Path] = ()
    """The signature's files that are there now."""
    problems: Sequence[str] = ()
    """What happened at the first sight that needs a person."""
    steps: Sequence[Step] = ()


def next_steps(path: Path, answers: Answers, *, is_usual: bool, is_empty: bool = False) -> Sequence[Step]:
    """Return the commands that come next, three at most.

    `is_usual`: whether the configuration is found by itself; `is_empty`: that there is no entry to preview yet.
    """
    named = "" if is_usual else f" --config {shlex.quote(str(path))}"
    networks = answers.networks
    if networks:
        kind, name = networks[0]
        others = "".join(f", then {other}" for _, other in networks[1:])
        account = Step(f"crosspost connect {kind}{named}", f"let it post on {name}{others}")
    else:
        account = Step(f"crosspost check --online{named}", "look at everything once more")
    preview = Step(f"crosspost preview{named}", "what each channel would say about the newest entry")
    return (
        *(() if is_empty else (preview,)),
        account,
        Step(f"crosspost run{named}", "watch the blog from now on"),
    )
