"""A person's answers as the text of a configuration: short, commented, no word to be replaced. Pure."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from crosspost.beginning.phrases import Phrases, heading, phrases
from crosspost.feeds.address import host
from crosspost.redact import one_line
from crosspost.text import cut

SIGNATURE = "signature"
FEED = "blog"
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a person said of a blog, or left as it was guessed."""

    feed: str
    """Where the blog's feed is: an address, or the path of a file."""
    blog: str
    """What the blog is called; "" if nobody knows."""
    language: str
    timezone: str
    signature: str = ""
    """The path of the signature's files; "" for none."""
    networks: Sequence[tuple[str, str]] = ()
    """Of each network wanted, the kind of its adapter and its name."""
    feed_file: str = ""
    """The file that holds the feed's address, relative to the configuration; "" if that is no secret."""


def compose(answers: Answers) -> str:
    """Return the text of a configuration."""
    return "\n".join(_lines(answers, phrases(answers.language))) + "\n"


def _lines(answers: Answers, says: Phrases) -> Iterator[str]:
    blog = cut(one_line(answers.blog), lambda text: len(text) <= _LONGEST_NAME) or _place(answers)
    yield f"# {says.head.format(blog=blog)}"
    yield f"# {says.keys}"
    yield ""
    yield f"timezone = {_quoted(answers.timezone)} # {says.zone}"
    if answers.networks:
        yield from ("", f"# {says.time_box}", "[time_box]", f'budget = "1h/week" # {says.budget}')
    yield from ("", f"# {says.feed}", f"[feeds.{FEED}]")
    if answers.feed_file:
        yield f"url = {{ file = {_quoted(answers.feed_file)} }} # {says.apart}"
    else:
        yield f"url = {_quoted(answers.feed)}"
    if answers.signature:
        name = PurePath(answers.signature).name.removesuffix(".txt").removesuffix(".html")
        yield from ("", f"# {says.signature}", f"[channels.{SIGNATURE}]", 'adapter = "email_signature"')
        yield f"path = {_quoted(answers.signature)} # {says.path.format(name=one_line(name))}"
        yield f"heading = {_quoted(heading(answers.language))}"
        yield f"keep = 3 # {says.keep}"
    for kind, name in answers.networks:
        yield from ("", f"# {says.network.format(name=name, channel=kind)}", f"[channels.{kind}]")
        yield f"adapter = {_quoted(kind)}"
        yield f'limits = "1/day" # {says.limits}'
        yield f'attention = "5m" # {says.attention}'
    yield from ("", f"# {says.notify}", f"# {says.try_notify}")


def _place(answers: Answers) -> str:
    """Name a blog without a title: by its server, or by its file."""
    return host(answers.feed) if "://" in answers.feed else PurePath(answers.feed).name


def _quoted(text: str) -> str:
    """Write a string as TOML does: as JSON, which leaves one control character as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
