"""Guess a blog's language and its author's zone, so that a person need only say yes. Pure, but for `here`."""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from crosspost.config.zones import is_a_place
from crosspost.feeds import Document


@dataclass(frozen=True, slots=True)
class Guess:
    """What is most likely, and by what, in words that go on after "by"."""

    value: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What this machine says of itself; "" for what it does not."""

    language: str = ""
    zone: str = ""
    """The time zone that a person chose for this program."""
    machine_zone: str = ""


# The small words that each language cannot do without and its neighbours do not have.
_SMALL_WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset("the and of is with for that this are was you your from have not what how".split()),
    "fr": frozenset("le les des est une dans pour qui sur avec pas vous nous ce cette du au plus être".split()),
    "de": frozenset("der die das und ist nicht mit für ein eine auf den von sich auch wie wir ich".split()),
    "es": frozenset("el los las una con para por que del está como pero más este esta muy".split()),
    "it": frozenset("il gli della che di non per una con sono è nel alla dei più questo".split()),
    "pt": frozenset("os um uma com não para que do da em mais dos por você são isso".split()),
    "nl": frozenset("het een van en niet met voor zijn dat op aan ook maar wij deze bij".split()),
}
_ENOUGH = 5
"""So many small words tell a language."""
_WORD = re.compile(r"[^\W\d_]+")
_TAG = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{1,8}){0,4})")
_MOST_TEXT = 20_000

# Where most authors of a language live, the likeliest first; a tag with a country goes before one without.
_ZONES: Mapping[str, Sequence[str]] = {
    "fr-ca": ("America/Montreal",),
    "fr": ("Europe/Paris", "America/Montreal", "Indian/Reunion"),
    "en-gb": ("Europe/London",),
    "en-ca": ("America/Toronto", "America/Vancouver", "America/Edmonton", "America/Halifax"),
    "en-au": ("Australia/Sydney", "Australia/Brisbane", "Australia/Perth"),
    "en": (
        *("Europe/London", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
        *("Australia/Sydney", "Pacific/Auckland", "Asia/Kolkata"),
    ),
    "de": ("Europe/Berlin",),
    "es": ("Europe/Madrid", "America/Mexico_City", "America/Bogota", "America/Argentina/Buenos_Aires"),
    "it": ("Europe/Rome",),
    "pt": ("Europe/Lisbon", "America/Sao_Paulo"),
    "nl": ("Europe/Amsterdam",),
}
_RFC_822 = re.compile(rb"\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d(?::\d\d)? [+-]\d{4}")
_ISO_8601 = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d:\d\d")
_MOST_BYTES = 300_000
_MOST_DATES = 40
_UTC = frozenset(
    ("UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "GMT", "Etc/GMT", "Universal", "Etc/Universal")
)


def here(environment: Mapping[str, str] = os.environ) -> Here:
    """Ask this machine for the language and the zone of whoever sits at it."""
    said = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    language = said.partition(".")[0].partition("@")[0]  # "C" and "POSIX" are none
    return Here(
        language=as_language(language),
        zone=as_zone(environment.get("TZ", "").lstrip(":")),
        machine_zone=_machine_zone(),
    )


def _machine_zone() -> str:
    """Return the zone that the machine's clock shows; "" if it has no name."""
    for link in ("/etc/localtime", "/var/db/timezone/localtime"):
        _, is_zone, name = os.path.realpath(link).partition("zoneinfo/")
        if is_zone and (zone := as_zone(name.removeprefix("posix/"))):
            return zone
    try:
        return as_zone(Path("/etc/timezone").read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError):
        return ""


def as_zone(said: str) -> str:
    """Return the time zone that somebody names, by its whole name or by its city; "" if there is none.

    A city in any case, and with blanks: "new york" is America/New_York. No configuration takes `EST`.
    """
    return _zones().get("_".join(said.split()).casefold(), "") if is_a_place(said) else ""


@cache
def _zones() -> Mapping[str, str]:
    """Return zones by their names and by their cities, in small letters; a whole name goes before a city."""
    names = sorted(available_timezones(), key=lambda name: (name.startswith(("Etc/", "US/", "Canada/")), name))
    cities = {name.rpartition("/")[2].casefold(): name for name in reversed(names)}
    return cities | {name.casefold(): name for name in names}


def language(document: Document, page: str, machine: str) -> Guess:
    """Guess the language of a blog: by its words where they are clear, since engines declare their own default.

    `page`: the language that its page declares; `machine`: that of whoever sits here.
    """
    declared = document.language or as_language(page)
    spoken = _by_words(document)
    if spoken and _base(declared) != spoken:
        return Guess(spoken, "its words")
    if declared:
        return Guess(declared, "what the feed says" if document.language else "what the page says")
    return Guess(machine, "your environment") if machine else Guess("en", "default")


def as_language(said: str) -> str:
    """Return the tag of a language as it is usually written; "" if this is none, as in unfilled templates."""
    tag = _TAG.fullmatch(said.strip())
    return tag[1].lower() + tag[2].replace("_", "-") if tag else ""


def _base(tag: str) -> str:
    return tag.lower().partition("-")[0]


def _by_words(document: Document) -> str:
    """Return the language whose small words are most, if they are clearly so; "" if not."""
    said = " ".join(f"{item.entry.title} {item.entry.summary}" for item in document.items)[:_MOST_TEXT]
    words = [word.lower() for word in _WORD.findall(said)]
    counts = {tag: sum(word in small for word in words) for tag, small in _SMALL_WORDS.items()}
    first, second = sorted(counts, key=lambda tag: -counts[tag])[:2]
    return first if counts[first] >= _ENOUGH and counts[first] >= 2 * counts[second] else ""


def zone(spoken: str, dates: Iterable[datetime], machine: Here) -> Guess:
    """Guess an author's time zone.

    The machine's own says nothing if it is UTC, as on most servers: then the hours in the feed's dates do, with
    the language. `dates`: as they were written, with their offsets.
    """
    if machine.zone:
        return Guess(machine.zone, "$TZ")
    if machine.machine_zone and machine.machine_zone not in _UTC:
        return Guess(machine.machine_zone, "this machine's clock")
    if told := _by_dates(spoken, list(dates)):
        return Guess(told, "the feed's dates")
    return Guess(machine.machine_zone or "UTC", "this machine's clock" if machine.machine_zone else "default")


def _by_dates(spoken: str, dates: Sequence[datetime]) -> str:
    """Return the first zone of a language whose hours are those of all dates; "" if they say nothing."""
    if not any(date.utcoffset() for date in dates):
        return ""  # most engines write every date in UTC
    tag = spoken.lower()
    for name in (*_ZONES.get(tag, ()), *_ZONES.get(_base(tag), ()), *_ZONES["en"], *_ZONES["de"]):
        if all(_offset(name, date) == date.utcoffset() for date in dates):
            return name
    return ""


def _offset(name: str, date: datetime) -> timedelta | None:
    try:
        return date.astimezone(ZoneInfo(name)).utcoffset()
    except (ZoneInfoNotFoundError, OverflowError):
        return None


def written_dates(body: bytes) -> tuple[datetime, ...]:
    """Return some dates of a feed as they are written: with the offset from UTC of whoever wrote them."""
    body = body[:_MOST_BYTES]
    read = [_date(parsedate_to_datetime, written) for written in _RFC_822.findall(body)[:_MOST_DATES]]
    read += [_date(datetime.fromisoformat, written) for written in _ISO_8601.findall(body)[:_MOST_DATES]]
    return tuple(date for date in read if date is not None and date.utcoffset() is not None)


def _date(read: Callable[[str], datetime], written: bytes) -> datetime | None:
    try:
        return read(written.decode())
    except (ValueError, TypeError, OverflowError):
        return None
