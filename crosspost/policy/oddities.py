"""New entries about which a person should be asked: dates that cannot be meant, and what is not public."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from crosspost.feeds import Item
from crosspost.model import Entry
from crosspost.policy.protected import TITLES, WORDS
from crosspost.text import level, local_date, local_time, plain

AT_ONCE = timedelta(minutes=10)
"""An entry dated no further ahead than this is there: its server's clock is a little fast."""
FAR_AHEAD = timedelta(days=366)
"""Nobody schedules an entry further ahead than this; it is a slip."""
SCHEDULED = "scheduled: "
"""How the reason begins for which a scheduled entry waits."""
PROTECTED = "it is password-protected or private, as its words say; approve it if readers can open it"

# As WordPress writes it: `Protected: %s`, in French `Protégé : %s`; « Protected areas » is something else.
_MARKED = re.compile(rf"(?:{'|'.join(map(re.escape, TITLES))})\s?[:：]")
_SAYS_SO = tuple(map(level, WORDS))
_FIRST_WORDS = 500


def odd(
    item: Item, *, dated: datetime | None, oldest: datetime, now: datetime, waits: bool, zone: tzinfo = UTC
) -> str:
    """Say why a person should decide about a new entry; "" if nothing is odd about it.

    `dated`: its own date, None if it has none; `oldest`: the oldest date that is worth announcing; `waits`:
    whether an entry dated ahead waits for its date; `zone`: by whose clocks people are told days.
    """
    day = item.odd_date or (local_date(dated, zone) if dated else "")
    if item.odd_date and item.odd_date > local_date(now, zone):
        return f"dated {day}, which no entry can wait for; approve it if it is to go out now" if waits else ""
    if item.unread_date:
        return f"dated “{item.unread_date}”, which cannot be read as a day; approve it if it is new"
    if item.odd_date or (dated is not None and dated <= oldest):
        return f"dated {day}, older than the feed's horizon; approve it if it is new"
    if waits and dated is not None and dated > now + FAR_AHEAD:
        return f"dated {day}, more than a year ahead; approve it if it is to go out now"
    return PROTECTED if is_protected(item.entry) else ""


def is_protected(entry: Entry) -> bool:
    """Tell whether an entry's own words say that not everybody may read it."""
    if _MARKED.match(entry.title.strip()):
        return True
    said = (entry.summary or plain(entry.content))[:_FIRST_WORDS]
    return any(level(line).startswith(_SAYS_SO) for line in said.split("\n"))


def scheduled(dated: datetime | None, now: datetime, *, waits: bool) -> datetime | None:
    """Return for when an entry is scheduled; None if it is there by now, or need not wait for its date."""
    return dated if waits and dated is not None and dated > now + AT_ONCE else None


def still_scheduled(dated: datetime | None, now: datetime, *, waits: bool) -> datetime | None:
    """Return for when an entry is scheduled that a person let go; None if it is to go out now.

    A yes to its words is none to its link before there is anything to read. One dated too far ahead was asked
    about for its date.
    """
    moment = scheduled(dated, now, waits=waits)
    return moment if moment is not None and moment <= now + FAR_AHEAD else None


def waits_for_date(moment: datetime, zone: tzinfo = UTC) -> str:
    """Say why a scheduled entry waits."""
    return f"{SCHEDULED}it is dated {local_time(moment, zone)}"
