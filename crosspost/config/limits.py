"""Limits as people write them: `3/day`, `1/30m`, `30m/week`, `5 USD/month`; and the ration of promotion."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from crosspost.config.calendar import composed, looks_french, plain
from crosspost.config.units import parse_duration, show_duration
from crosspost.model import Money

POSTS = "posts"
"""The unit of limits in posts."""
ATTENTION = "attention"
"""The unit of limits in minutes of a person's attention. Amounts are whole seconds."""
MILLIONTHS = 1_000_000
"""Amounts of money are whole millionths; their unit is the currency (ISO 4217)."""
LONGEST_SPAN = timedelta(days=366)
_EXAMPLES = 'write it like "3/day" or "30m/week" ("1/4h" and "5 USD/month" are limits too)'
_IN_FRENCH = 'write it like "3 par jour" or "30 min par semaine" ("1/4h" and "5 USD/mois" are limits too)'
_NUMBERS = {
    name: str(number)
    for number, names in enumerate(("once one un une", "twice two deux", "three trois", "four quatre"), 1)
    for name in names.split()
}
_POSTS = re.compile(
    rf"([0-9]{{1,6}}|{'|'.join(_NUMBERS)}) ?"
    r"(?:x|fois|times?|posts?|messages?|publications?|annonces?|billets?|mal|veces)?"
)
_AT_MOST = re.compile(r"^ *(?:max(?:imum)?\.?|at most|up to|no more than|au (?:plus|maximum))(?= )|[ .!]+$")
_MAX = re.compile(r"[ ,]*(?:at most|max(?:imum)?\.?|au (?:plus|maximum)) *$")
_NONE = frozenset("any none never no off unlimited illimite aucun aucune unbegrenzt ilimitado".split()) | {
    "no limit",
    "no limits",
    "aucune limite",
    "sans limite",
}
_SEVERAL = re.compile(r" *[;,] +| +(?:and|et|und|y) +|;")
_MONEY = re.compile(
    r"([0-9]{1,9}(?:[.,][0-9]{1,6})?) *([A-Z]{3}|[a-z]{3}|euros?|[\u20ac\u00a3]|(?:US|CA)\$|\$(?:US|CA))"
)
_DOLLARS = re.compile(r"[0-9.,]+ *(?:\$|dollars?)|\$ *[0-9.,]+", re.IGNORECASE)
_CURRENCIES = {
    "\u20ac": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "\u00a3": "GBP",
    "US$": "USD",
    "$US": "USD",
    "CA$": "CAD",
    "$CA": "CAD",
} | {code.lower(): code for code in ("USD", "CAD", "EUR", "GBP", "CHF", "AUD")}
_BEGINNING = re.compile(r"[0-9]*(?:\.[0-9]+)?(?: *[A-Z]{1,3}\b| *posts?\b|(?:(?<=[0-9])[wdhms][0-9]*)+)?")
_RATION = re.compile(r"([0-9]{1,3}) +(?:in|of|out of|sur|von|de) +([0-9]{1,3})")
_PER = re.compile(r" ?/ ?| (?:per|par|an?|each|every|chaque|tou(?:s|tes) les|pro|por|al?) ")


class Calendar(StrEnum):
    """The periods of the calendar, in the configured time zone."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_PERIODS = {
    name: period
    for period, names in (
        (Calendar.DAY, "day d jour j tag dia"),
        (Calendar.WEEK, "week wk w semaine sem woche semana"),
        (Calendar.MONTH, "month mo mth mois monat mes"),
        (timedelta(hours=1), "hour hr h heure stunde hora"),
    )
    for name in names.split()
}
"""What a period is called that has no number."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` of `unit` in each `period`: one of the calendar's, or any span of that length."""

    amount: int
    unit: str
    period: Calendar | timedelta

    def __str__(self) -> str:
        period = self.period if isinstance(self.period, Calendar) else show_duration(self.period)
        return f"{self.amount if self.unit == POSTS else show_amount(self.amount, self.unit)}/{period}"


@dataclass(frozen=True, slots=True)
class Ration:
    """At most `some` in each row of `of` posts."""

    some: int
    of: int

    def __str__(self) -> str:
        return f"{self.some} in {self.of}"


def parse_limit(value: object) -> Limit:
    """Read one limit. Raise `ValueError` with the text, the place in it, and right examples."""
    if isinstance(value, Limit):
        return value
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no limit; {_EXAMPLES}")  # noqa: TRY004 - pydantic collects it
    text = composed(value)
    if plain(text).strip(" .!") in _NONE:
        raise ValueError(f"{value!r} is no limit; where there is to be none, leave the key out")
    bare = _blanked(_MAX, _blanked(_AT_MOST, plain(text)))
    per = _PER.search(bare)
    if per is None:
        at = found.end() if (found := _BEGINNING.match(text)) else 0
        raise _no_limit(text, at, "a slash and a period are missing")
    kept = "".join(" " if left == " " else letter for letter, left in zip(text, bare, strict=True))
    number, unit = _amount(text, kept[: per.start()])
    if not number:
        raise _no_limit(text, 0, "it leaves room for nothing")
    return Limit(number, unit, _period(text, kept[per.end() :], per.end()))


def _blanked(words: re.Pattern[str], text: str) -> str:
    """Put blanks where these words are, so that what is left keeps its place."""
    return words.sub(lambda found: " " * len(found[0]), text)


def _amount(whole: str, text: str) -> tuple[int, str]:
    inner = text.strip()
    if written := _POSTS.fullmatch(plain(inner)):
        return int(_NUMBERS.get(written[1], written[1])), POSTS
    currency = _CURRENCIES.get(written[2], written[2]) if (written := _MONEY.fullmatch(inner)) else ""
    if written and currency.isupper():
        return millionths(Money(Decimal(written[1].replace(",", ".")), currency)), currency
    if _DOLLARS.fullmatch(inner):
        raise _no_limit(whole, 0, "whose dollars are they? write USD, CAD or AUD")
    try:
        return int(parse_duration(inner).total_seconds()), ATTENTION
    except ValueError as error:
        at = found.end() if (found := _BEGINNING.match(text)) else 0
        why = "an amount is a number of posts, a duration, or money with its currency in capitals"
        raise _no_limit(whole, at, why) from error


def _period(whole: str, text: str, at: int) -> Calendar | timedelta:
    inner = plain(text).strip()
    if inner in _PERIODS:
        return _PERIODS[inner]
    try:
        span = parse_duration(text)
    except ValueError as error:
        why = "a period is day, week or month, or a span such as 4h"
        raise _no_limit(whole, at, why) from error
    if not timedelta(0) < span <= LONGEST_SPAN:
        raise _no_limit(whole, at, f"a span is longer than nothing and at most {LONGEST_SPAN.days}d")
    return span


def _no_limit(text: str, at: int, why: str) -> ValueError:
    where = f"at {text[at:]!r} (character {at + 1})" if text[at:] else f"at its end (character {at + 1})"
    return ValueError(
        f"{text!r} is no limit, {where}: {why}; {_IN_FRENCH if looks_french(text) else _EXAMPLES}"
    )


def parse_limits(value: object) -> tuple[Limit, ...]:
    """Read a list of limits, one alone, or several in one text: `2/day, 10/week`."""
    if isinstance(value, str) and all(_PER.search(plain(composed(one))) for one in _SEVERAL.split(value)):
        value = _SEVERAL.split(value)
    return tuple(parse_limit(limit) for limit in (value if isinstance(value, list | tuple) else (value,)))


def parse_ration(value: object) -> Ration:
    """Read `1 in 5`."""
    if isinstance(value, Ration):
        return value
    written = _RATION.fullmatch(plain(value).strip()) if isinstance(value, str) else None
    if written is None or not 0 < int(written[1]) < int(written[2]):
        raise ValueError(
            f'{value!r} is no ration; write how many in a row of how many, fewer than all: "1 in 5" or "2 in 7"'
        )
    return Ration(int(written[1]), int(written[2]))


def millionths(money: Money) -> int:
    """Return an amount of money in whole millionths, rounded up: a limit is never exceeded by rounding."""
    return int((money.amount * MILLIONTHS).to_integral_value(rounding=ROUND_CEILING))


def show_amount(amount: int, unit: str) -> str:
    """Write an amount with its unit, as `parse_limit` reads it."""
    if unit == POSTS:
        return "1 post" if amount == 1 else f"{amount} posts"
    if unit == ATTENTION:
        # Not in days or weeks: a day of attention would be read as a working day by some.
        minutes, seconds = divmod(amount, 60)
        hours, minutes = divmod(minutes, 60)
        parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
        return "".join(f"{number}{letter}" for number, letter in parts if number) or "0m"
    return str(Money(Decimal(amount) / MILLIONTHS, unit))


Limits = Annotated[tuple[Limit, ...], BeforeValidator(parse_limits)]
PromotionRation = Annotated[Ration, BeforeValidator(parse_ration)]
