"""Entries known again by looser means, where a newer reader of ours makes other keys of the same entries.

Asked once after an upgrade of crosspost (docs/decisions/0036): what no key tells any more is recognised by its
title and its day, or is a question for a person.
"""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from html import unescape

from crosspost.feeds import Item
from crosspost.policy.known import Known

DOUBTED = (
    "crosspost was upgraded, and cannot tell whether it had this entry before: "
    "look whether it was announced, then approve or skip it"
)
_TAG = re.compile(r"<[^<>]*>")
_ENOUGH = 4


def recognise_anew(
    strangers: Iterable[Item], remembered: Iterable[Known], there: Collection[int]
) -> tuple[list[tuple[Item, Known]], list[Item], list[Item]]:
    """Return those items that looser means tell, those that are new, and which of the new ones are a question.

    `remembered`: all entries of the feed, with their titles; `there`: the ids of those that the other items of
    the document are. Two of one day and title are one. An item that has an id or a link of its own, and no
    namesake without a date, is surely new: only where both are read otherwise could it be on record.
    """
    namesakes: dict[str, list[Known]] = {}
    for entry in remembered:
        if entry.entry_id not in there:
            namesakes.setdefault(_letters(entry.title), []).append(entry)
    again: list[tuple[Item, Known]] = []
    new, doubted = [], []
    for item in strangers:
        letters, date = _letters(item.entry.title), item.entry.published
        alike = namesakes.get(letters, []) if letters else []
        same = next((entry for entry in alike if _on_one_day(date, entry.published)), None)
        if same is not None:
            alike.remove(same)
            again.append((item, same))
            continue
        new.append(item)
        if not (item.guid_key or item.link_key) or any(not (date and entry.published) for entry in alike):
            doubted.append(item)
    return again, new, doubted


def _on_one_day(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one.date() == other.date()


def _letters(title: str) -> str:
    """Return what any reading leaves of a title: without markup, entities, typography and spoilt characters."""
    text = _TAG.sub(" ", unescape(unescape(title))).casefold()
    safe = "".join(sign for sign in text if sign.isascii() and sign.isalnum())
    return safe if len(safe) >= _ENOUGH else "".join(filter(str.isalnum, text))
