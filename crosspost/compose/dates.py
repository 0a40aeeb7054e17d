"""Dates in words, as the readers of a language write them."""

from datetime import datetime

_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
# The long form of CLDR 45, but for the French 1er; day and month are tied.
_FORMS = {
    "de": "{day}.\u00a0{month} {year}",
    "en": "{month}\u00a0{day}, {year}",
    "es": "{day}\u00a0de {month} de {year}",
    "fr": "{day}\u00a0{month} {year}",
    "it": "{day}\u00a0{month} {year}",
    "nl": "{day}\u00a0{month} {year}",
    "pt": "{day}\u00a0de {month} de {year}",
}
_DAY_FIRST = "{day}\u00a0{month} {year}"
_DAY_FIRST_IN_ENGLISH = frozenset({"au", "gb", "ie", "in", "nz", "za"})


def show_date(value: datetime | None, language: str = "") -> str:
    """Write a date as its readers do: 1er août 2026, August 1, 2026, or 2026-08-01 in other languages."""
    if value is None:
        return ""
    if not (isinstance(value, datetime) and isinstance(language, str)):
        raise TypeError("date takes a date and a language, as in {{ published|date(language) }}")
    language, _, more = language.lower().replace("_", "-").partition("-")
    if language not in _MONTHS:
        return value.strftime("%Y-%m-%d")
    form = _FORMS[language]
    if language == "en" and not _DAY_FIRST_IN_ENGLISH.isdisjoint(more.split("-")):
        form = _DAY_FIRST
    day = "1er" if language == "fr" and value.day == 1 else str(value.day)
    return form.format(day=day, month=_MONTHS[language].split()[value.month - 1], year=value.year)
