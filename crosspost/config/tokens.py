"""What posting hours and moments are made of: days, times, and the words between them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from enum import Enum, auto

from crosspost.config.calendar import ENGLISH, Language, composed, plain

WHOLE_DAY = 24 * 60
NOON = 12 * 60


class Kind(Enum):
    DAYS = auto()
    TIME = auto()
    TO = auto()
    BETWEEN = auto()
    AND = auto()
    COLON = auto()


@dataclass(frozen=True, slots=True)
class Time:
    """A time of the day as it is written. `half`: "a" or "p" where it is by the clock of twelve hours."""

    hour: int
    minute: int = 0
    half: str = ""

    @property
    def minutes(self) -> int:
        """The minute of the day, to 24:00. Raise `ValueError` if no clock shows it."""
        hour = self.hour
        if self.half and not 1 <= hour <= 12:
            raise ValueError("am and pm go with hours from 1 to 12")
        if self.half:
            hour = hour % 12 + (12 if self.half == "p" else 0)
        if self.minute > 59 or hour * 60 + self.minute > WHOLE_DAY:
            raise ValueError("times go from 00:00 to 24:00")
        return hour * 60 + self.minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One of them, and where it stands. `single`: one day, by its own name, as `Mon` in `Mon-Fri`."""

    kind: Kind
    at: int
    end: int
    days: tuple[int, ...] = ()
    single: bool = False
    time: Time = Time(0)


class Unreadable(Exception):
    """Say what cannot be read, and at which character (from 0)."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(at, why)
        self.at, self.why = at, why


_CLOCK = re.compile(
    r"""
    (?P<hour>[0-9]{1,2})
    (?: [ ]?(?:h|heures?|hrs?|hours?|uhr|o'clock) (?:[ ]?(?P<minute>[0-9]{2}))?  # 8h, 8 h 30, 8 Uhr
      | [:.] (?P<minutes>[0-9]{2}) (?::00)? (?:[ ]?(?:h|hrs?|hours?|uhr))?       # 8:30, 08:30:00, 8.30 Uhr
      | (?P<together>[0-9]{2}) (?:[ ]?(?:hrs?|hours?))?                          # 0830
    )?
    (?: [ ]?(?P<half>[ap])\.?[ ]?m\b\.? )?
    (?![0-9a-z])
    """,
    re.VERBOSE,
)
_NOON = re.compile(r"(?:12 ?)?(?:noon|midday|midi|mittags?|mediodia)\b")
_MIDNIGHT = re.compile(r"(?:(?:12|24|0) ?)?(?:midnight|minuit|mitternachts?|medianoche)\b")
_GROUPS = (
    (
        re.compile(
            r"(?:every ?day|each day|all days|daily|tous les jours|chaque jour|taglich|jeden tag|todos los dias"
            r"|7 ?(?:j|jours|days|d|tage?|dias) ?(?:/|sur|a|of|out of) ?(?:7|week))\b"
        ),
        range(7),
    ),
    (re.compile(r"(?:week[- ]?ends?|fins? de semaine|wochenenden?|fin(?:es)? de semana)\b"), range(5, 7)),
    (
        re.compile(
            r"(?:(?:week|work|working |business )[- ]?days?|(?:jours de )?semaine|jours ouvres|wochentags?"
            r"|entre semana|dias laborables|m-f|l-v)\b"
        ),
        range(5),
    ),
)
_BETWEEN_WORDS = re.compile(r"(?:between|entre|zwischen)\b")
_TO = re.compile(r"-|\.\.+|\u2026|(?:to|till|until|through|thru|jusqu'?au?|au|a|bis|hasta|al)\b")
_AND = re.compile(r"[,;&+/|]|(?:et|ou|puis|and|or|then|und|oder|y)\b")
_EVERY = r"(?:every|each|tou(?:s|tes)|chaque|jeden|todos)(?= (?!days?\b|jours?\b|les jours\b|tag\b|los dias\b))"
_WHOLE = re.compile(
    r"(?:any ?time|any|all day(?: long)?|toute la journee|24 ?h(?:eures?)? ?(?:/|sur) ?24|24 ?hours"
    r"|ganztags|todo el dia)\b"
)
_END = re.compile(r"[ .!]*$")
_FILLERS = re.compile(
    rf"{_EVERY}|(?:from|on|at|am|the|de|du|des|le|les|la|en|von|vom|um|el|los|las|desde)\b|d'|l'"
)
_WORD = re.compile(r"[^\W\d_]+")


def tokens_of(text: str, language: Language) -> Iterator[Token]:
    """Cut composed text, whose days have this language's names. Raise `Unreadable`."""
    read, at = plain(text), 0
    while at < len(read) and not _END.match(read, at):
        if read[at] == " ":
            at += 1
        elif whole := _WHOLE.match(read, at):
            begins, to = (Token(kind=kind, at=at, end=whole.end()) for kind in (Kind.TIME, Kind.TO))
            yield from (begins, to, replace(begins, time=Time(24)))
            at = whole.end()
        elif filler := _FILLERS.match(read, at):
            at = filler.end()
        else:
            token = _token(read, at, language)
            yield token
            at = token.end


def _token(read: str, at: int, language: Language) -> Token:
    for words, days in _GROUPS:
        if found := words.match(read, at):
            return Token(kind=Kind.DAYS, at=at, end=found.end(), days=tuple(days))
    for words, clock in ((_NOON, Time(12)), (_MIDNIGHT, Time(0))):
        if found := words.match(read, at):
            return Token(kind=Kind.TIME, at=at, end=found.end(), time=clock)
    if found := _CLOCK.match(read, at):
        minute = found["minute"] or found["minutes"] or found["together"] or "0"
        clock = Time(int(found["hour"]), int(minute), found["half"] or "")
        return Token(kind=Kind.TIME, at=at, end=found.end(), time=clock)
    for words, kind in ((_BETWEEN_WORDS, Kind.BETWEEN), (_TO, Kind.TO), (_AND, Kind.AND)):
        if found := words.match(read, at):
            return Token(kind=kind, at=at, end=found.end())
    if read[at] == ":":
        return Token(kind=Kind.COLON, at=at, end=at + 1)
    word = _WORD.match(read, at)
    if word is None:
        raise Unreadable(at, "this is neither days nor times")
    day = language.day(word[0])
    if day is None:
        raise Unreadable(at, f"days are {language.day_names}")
    end = word.end() + read.startswith(".", word.end())
    return Token(kind=Kind.DAYS, at=at, end=end, days=(day,), single=True)


def time_of_day(text: str) -> time | None:
    """Return the one time that a text names, as `9h30`, `à 15h`, `at 3 pm` or `noon`; None if it names none."""
    read = plain(composed(text)).strip().removeprefix("a ")
    try:
        (token,) = tokens_of(read, ENGLISH)
        minutes = token.time.minutes if token.kind is Kind.TIME else WHOLE_DAY
    except (Unreadable, ValueError):
        return None
    return time(*divmod(minutes, 60)) if minutes < WHOLE_DAY else None


def span_of(first: Token, last: Token) -> tuple[int, int]:
    """Return the minutes of the day from one time to another; beyond 24:00 if it goes on after midnight.

    Raise `Unreadable` for what ends before it begins, unless it is sure that midnight lies between.
    """
    for token in (first, last):
        try:
            _ = token.time.minutes
        except ValueError as error:
            raise Unreadable(token.at, str(error)) from error
    begins, ends = _by_one_clock(first.time, last.time)
    start, end = begins.minutes, ends.minutes or WHOLE_DAY
    if start == WHOLE_DAY:
        raise Unreadable(first.at, "times go from 00:00 to 24:00")
    if start < end:
        return start, end
    # 22-2 can only be the night; 10-8, or 12-1, may be meant by the clock of twelve hours.
    if end < start and (start > NOON or begins.half):
        return start, end + WHOLE_DAY
    afternoon = f"write {begins.hour}-{ends.hour + 12}; " if begins.hour < ends.hour + 12 < 24 else ""
    why = f"it ends before it begins; {afternoon}across midnight, write two: 22:00-24:00, 00:00-02:00"
    raise Unreadable(first.at, why)


def _by_one_clock(begins: Time, ends: Time) -> tuple[Time, Time]:
    """Give a time without am or pm, beside one with it, the one by which the span is the shorter."""
    if ends.half and not begins.half and 1 <= begins.hour <= 12:
        same = replace(begins, half=ends.half)
        begins = same if same.minutes < (ends.minutes or WHOLE_DAY) else replace(begins, half=_OTHER[ends.half])
    elif begins.half and not ends.half and 1 <= ends.hour <= 12:
        same = replace(ends, half=begins.half)
        ends = same if same.minutes > begins.minutes else replace(ends, half=_OTHER[begins.half])
    return begins, ends


_OTHER = {"a": "p", "p": "a"}
