"""Days on which a channel does not post, as people write them: `2026-12-24..2027-01-02`, `24 déc. 2026`."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from crosspost.config.calendar import ENGLISH, LANGUAGES, Language, composed, plain

_DOTS = r" *(?:\.\.+|\u2026)|(?<= )(?:to|au|bis|al|until|through)(?= )"
_BETWEEN = re.compile(rf"{_DOTS}|(?<= )-(?= )")
_BETWEEN_WORDS = re.compile(rf"{_DOTS}|-")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY = r"(?P<day>[0-9]{1,2})(?:er|st|nd|rd|th|\.)?"
_YEAR = r"(?:,? (?:de )?(?P<year>[0-9]{4}))?"
_DAY_FIRST = re.compile(rf"{_DAY}(?: (?:de )?(?P<month>[a-z]+)\.?{_YEAR})?")
_MONTH_FIRST = re.compile(rf"(?P<month>[a-z]+)\.? {_DAY}{_YEAR}")
_FILLERS = re.compile(r"(?:le|les|du|from|vom|the|del?) ")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Days on which a channel does not post, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}..{self.last}" if self.first != self.last else str(self.first)


def parse_quiet(value: object) -> tuple[Quiet, ...]:
    """Read quiet days: a list of dates, and of first and last dates with two dots between them."""
    return tuple(_quiet(one) for one in (value if isinstance(value, list | tuple) else (value,)))


def _quiet(value: object) -> Quiet:
    if isinstance(value, Quiet):
        return value
    if type(value) is date:  # TOML has dates of its own
        return Quiet(value, value)
    if not isinstance(value, str):
        says = f"{value!r} is no day; write it like {ENGLISH.quiet}"
        raise ValueError(says)  # noqa: TRY004 - pydantic collects it
    text = composed(value)
    words = plain(text)
    parted = (_BETWEEN if _ISO.search(words) else _BETWEEN_WORDS).search(words)
    if parted is None:
        day = _date(text, text, 0)
        return Quiet(day, day)
    last = _date(text, text[parted.end() :], parted.end())
    first = _date(text, text[: parted.start()], 0, like=last)
    if last < first:
        raise _no_days(text, parted.end(), "it ends before it begins")
    return Quiet(first, last)


def _date(whole: str, text: str, at: int, like: date | None = None) -> date:
    """Read a date. `like`: the last day, where the first may leave out its month and year."""
    words = _FILLERS.sub("", plain(text).strip(), count=1)
    if _ISO.fullmatch(words):
        return _made(whole, at, ENGLISH, *map(int, words.split("-")))
    written = _DAY_FIRST.fullmatch(words) or _MONTH_FIRST.fullmatch(words)
    if written is None or (written["month"] is None and like is None):
        raise _no_days(whole, at, "this is no date")
    if written["month"] is None and like is not None:
        return _made(whole, at, ENGLISH, like.year, like.month, int(written["day"]))
    found = ((language, language.month(written["month"])) for language in LANGUAGES)
    language, month = next(((language, month) for language, month in found if month), (ENGLISH, 0))
    if not month:
        raise _no_days(whole, at, "this is no month that is known")
    if written["year"] is None and like is None:
        raise _no_days(whole, at, "the year is missing", language)
    day = int(written["day"])
    if written["year"] is not None or like is None:
        return _made(whole, at, language, int(written["year"]), month, day)
    before = (month, day) > (like.month, like.day)  # 24 December to 2 January 2027
    return _made(whole, at, language, like.year - before, month, day)


def _made(whole: str, at: int, language: Language, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _no_days(whole, at, "this is no date: there is no such day", language) from error


def _no_days(text: str, at: int, why: str, language: Language = ENGLISH) -> ValueError:
    where = f"at {text[at:]!r} (character {at + 1})"
    return ValueError(f"{text!r} is no quiet day, {where}: {why}; write it like {language.quiet}")


QuietDays = Annotated[tuple[Quiet, ...], BeforeValidator(parse_quiet)]
