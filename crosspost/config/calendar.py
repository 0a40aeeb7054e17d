"""Weekdays and months as people call them, in several languages; and text made plain for that."""

import re
import unicodedata
from dataclasses import dataclass

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What one language calls weekdays (from Monday) and months, without accents and capitals.

    `hours`, `quiet`: how posting hours and quiet days are written in it, for whoever wrote them wrong.
    """

    days: tuple[str, ...]
    two_letters: tuple[str, ...]
    months: tuple[str, ...]
    hours: str
    quiet: str

    def day(self, word: str) -> int | None:
        """Return the weekday a plain word means (0: Monday): whole, in the plural, or its first letters."""
        if word in self.two_letters:
            return self.two_letters.index(word)
        return (
            _beginning(word.removesuffix("s"), self.days)
            if word[:-1] in self.days
            else _beginning(word, self.days)
        )

    def month(self, word: str) -> int | None:
        """Return the month a plain word means (1: January): whole, or letters that only it begins with."""
        found = _beginning(word, self.months)
        return None if found is None else found + 1

    @property
    def day_names(self) -> str:
        return ", ".join(day[:3].capitalize() for day in self.days)


def _beginning(word: str, names: tuple[str, ...]) -> int | None:
    begun = [number for number, name in enumerate(names) if len(word) >= 3 and name.startswith(word)]
    return begun[0] if len(begun) == 1 else None


ENGLISH = Language(
    days=tuple(day.lower() for day in WEEKDAYS),
    two_letters=("mo", "tu", "we", "th", "fr", "sa", "su"),
    months=tuple(
        "january february march april may june july august september october november december".split()
    ),
    hours='"Mon-Fri 08:00-10:00, 17:00-18:30" or "09:00-18:00"',
    quiet='"2026-12-24..2027-01-02" or "2026-07-01"',
)
FRENCH = Language(
    days=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    two_letters=("lu", "ma", "me", "je", "ve", "sa", "di"),
    months=tuple(
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
    ),
    hours='"lun-ven 8h-10h, 17h-18h30" or "9h-18h"',
    quiet='"24 déc. 2026..2 janv. 2027" or "1er juillet 2026"',
)
GERMAN = Language(
    days=("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    two_letters=("mo", "di", "mi", "do", "fr", "sa", "so"),
    months=tuple("januar februar marz april mai juni juli august september oktober november dezember".split()),
    hours='"Mo-Fr 8-10, 17:00-18:30" or "9-18 Uhr"',
    quiet='"24. Dez 2026..2. Jan 2027" or "1. Juli 2026"',
)
SPANISH = Language(
    days=("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    two_letters=("lu", "ma", "mi", "ju", "vi", "sa", "do"),
    months=tuple(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
    ),
    hours='"lun-vie 8-10, 17:00-18:30" or "9:00-18:00"',
    quiet='"24 dic 2026..2 ene 2027" or "1 de julio de 2026"',
)
LANGUAGES = (ENGLISH, FRENCH, GERMAN, SPANISH)
"""In the order in which they are tried: `di` alone is dimanche, beside `Mo` it is Dienstag."""

_SAME = str.maketrans(
    dict.fromkeys(
        "\t\n\r\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " "
    )
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
    | dict.fromkeys("\u2018\u2019\u02bc", "'")
    | {"\uff1a": ":", "\uff0c": ",", "\u202f": " "}
)


def plain(text: str) -> str:
    """Return the text as it is compared: one kind of blank and of dash, no accents, no capitals.

    As long as the text, if that is composed (NFC): what stands at a place here stands there too.
    """
    return "".join(_plain(letter) for letter in text.translate(_SAME))


def _plain(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


_FRENCH = re.compile(
    r"[àâçéèêîôû]|\b(?:de|du|au|aux|et|le|la|les|par|midi|minuit|matins?|soirs?|sauf|avant"
    r"|semaines?|jours?|mois|jamais|fois)\b"
)


def looks_french(text: str) -> bool:
    """Tell whether a text that nobody understood is French rather than English."""
    return _FRENCH.search(text.lower()) is not None


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def weekday(text: str) -> int | None:
    """Return the weekday that a word means in the first language that knows it; None if none does."""
    word = plain(composed(text)).strip().removesuffix(".")
    return next((day for language in LANGUAGES if (day := language.day(word)) is not None), None)
