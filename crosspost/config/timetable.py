"""Days and times put together as a text of posting hours means them. Pure.

Imported late: only a configuration with posting hours needs it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crosspost.config.calendar import ENGLISH, FRENCH, LANGUAGES, WEEKDAYS, Language, looks_french
from crosspost.config.tokens import WHOLE_DAY, Kind, Token, Unreadable, span_of, tokens_of

Span = tuple[int, int]
"""The first minute of a day that is meant, and the first after it."""
_CLOCK = re.compile(r"[0-9] ?h\b|[0-9]h[0-9]")


def add_hours(by_day: list[list[Span]], text: str) -> None:
    """Add what one composed text says to the spans of each weekday, from Monday. Raise `ValueError`."""
    language, groups = _understood(text)
    for group in groups:
        for at, (start, end) in group.spans:
            for day in group.days or range(7):
                parts = [(day, (start, min(end, WHOLE_DAY)))]
                parts += [((day + 1) % 7, (0, end - WHOLE_DAY))] if end > WHOLE_DAY else []
                for on, span in parts:
                    if any(first < span[1] and span[0] < last for first, last in by_day[on]):
                        twice = Unreadable(at, f"{WEEKDAYS[on]} has a part of this twice")
                        raise _no_hours(text, twice, language)
                    by_day[on].append(span)


@dataclass(slots=True)
class _Group:
    """Days, and the times they have, each with its place. `behind`: the days stand behind the times."""

    days: list[int] = field(default_factory=list)
    named_at: int | None = None
    spans: list[tuple[int, Span]] = field(default_factory=list)
    behind: bool = False


def _understood(text: str) -> tuple[Language, list[_Group]]:
    """Read a text in the first language that knows all of its words, else raise what the best of them says."""
    unknown: list[tuple[Unreadable, Language]] = []
    for language in LANGUAGES:
        try:
            tokens = list(tokens_of(text, language))
        except Unreadable as error:
            unknown.append((error, language))
            continue
        try:
            return language, _groups(tokens, len(text))
        except Unreadable as error:
            raise _no_hours(text, error, language) from error
    likely = FRENCH if _is_french(text) else ENGLISH
    raise _no_hours(text, *max(unknown, key=lambda one: (one[0].at, one[1] is likely)))


def _groups(tokens: Sequence[Token], length: int) -> list[_Group]:
    """Put days and times together. Raise `Unreadable`."""
    groups = [_Group()]
    at, between = 0, False
    while at < len(tokens):
        token, group = tokens[at], groups[-1]
        before = tokens[at - 1].kind if at else None
        kinds = [after.kind for after in tokens[at + 1 : at + 3]]
        if token.kind is Kind.DAYS:
            last = tokens[at + 2] if token.single and kinds == [Kind.TO, Kind.DAYS] else token
            days = [(token.days[0] + step) % 7 for step in range((last.days[0] - token.days[0]) % 7 + 1)]
            if group.spans and not (before is Kind.TIME and not group.days) and not group.behind:
                group = _Group()
                groups.append(group)
            group.behind = bool(group.spans)
            group.days += days if last.single else token.days
            group.named_at = token.at if group.named_at is None else group.named_at
            at += 1 if last is token else 3
        elif token.kind is Kind.TIME:
            if kinds != [Kind.TO, Kind.TIME] and not (between and kinds == [Kind.AND, Kind.TIME]):
                raise Unreadable(token.at, "this is one time; say from when until when, such as 8-10")
            if group.behind:
                group = _Group()
                groups.append(group)
            group.spans.append((token.at, span_of(token, tokens[at + 2])))
            at, between = at + 3, False
        elif token.kind is Kind.AND or (token.kind in (Kind.COLON, Kind.TO) and before is Kind.DAYS):
            at += 1
        elif token.kind is Kind.BETWEEN:
            at, between = at + 1, True
        else:
            raise Unreadable(token.at, "this is neither days nor times")
    for number, group in enumerate(groups):
        if not group.spans and group.named_at is not None:
            raise Unreadable(group.named_at, "these days have no times")
        if not group.spans:
            raise Unreadable(length, "there are no times")
        if number and not group.days:
            raise Unreadable(
                group.spans[0][0], "it is not said on which days; write the days before their times"
            )
    return groups


def _is_french(text: str) -> bool:
    return looks_french(text) or _CLOCK.search(text.lower()) is not None


def _no_hours(text: str, error: Unreadable, language: Language) -> ValueError:
    if language is ENGLISH and _is_french(text):
        language = FRENCH  # only numbers, or nothing that any language knows
    rest = text[error.at :]
    where = f"at {rest!r} (character {error.at + 1})" if rest else "at its end"
    return ValueError(f"{text!r} are no posting hours, {where}: {error.why}; write them like {language.hours}")
