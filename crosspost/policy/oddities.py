"""New entries about which a person should be asked: dates that cannot be meant, and what is not public."""

import re
from datetime import datetime, timedelta

from crosspost.feeds import Item
from crosspost.model import Entry
from crosspost.text import plain

AT_ONCE = timedelta(minutes=10)
"""An entry dated no further ahead than this is there: its server's clock is a little fast."""
FAR_AHEAD = timedelta(days=366)
"""Nobody schedules an entry further ahead than this; it is a slip."""
SCHEDULED = "scheduled: "
"""How the reason begins for which a scheduled entry waits."""
PROTECTED = "it is password-protected or private, as its words say; approve it if readers can open it"

# What WordPress puts before the titles of protected and private posts, in its own translations (read 2026-11).
_MARKED = re.compile(
    r"(?:protected|private|protégée?|privée?|geschützt|privat|protegid[oa]|privad[oa]|protett[oa]|privat[oa]"
    r"|beveiligd|besloten|skyddad|beskyttet|suojattu|yksityinen|zabezpieczone|prywatne|chráněno|soukromé|védett"
    r"|protejat|защищено|личное|захищено|korumalı|özel|προστατευμένο|protegit|保護中|非公開|密码保护|私密"
    r"|비공개|보호된 글)\s*[:：]",
    re.IGNORECASE,
)
_NO_EXCERPT = re.compile(
    r"there is no excerpt because this is a protected post|this content is password.protected"
    r"|il n[’']y a pas d[’']extrait,? car cette publication est protégée|protégée? par (?:un )?mot de passe"
    r"|es gibt keinen auszug, da dies ein geschützter beitrag ist|(?:dieser )?inhalt ist passwortgeschützt"
    r"|no hay (?:extracto|ningún extracto) porque (?:es|esta es) una entrada protegida"
    r"|er is geen samenvatting omdat dit een beveiligd bericht is"
    r"|protett[oa] da password|protegid[oa] por (?:senha|contraseña|palavra-passe)",
    re.IGNORECASE,
)


def odd(item: Item, *, dated: datetime | None, oldest: datetime, now: datetime, waits: bool) -> str:
    """Say why a person should decide about a new entry; "" if nothing is odd about it.

    `dated`: its own date, None if it has none; `oldest`: the oldest date that is worth announcing; `waits`:
    whether an entry dated ahead waits for its date.
    """
    day = item.odd_date or (f"{dated:%Y-%m-%d}" if dated else "")
    if item.odd_date and item.odd_date > f"{now:%Y-%m-%d}":
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
    said = entry.summary or plain(entry.content)
    return bool(_MARKED.match(entry.title.strip()) or _NO_EXCERPT.search(said[:500]))


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


def waits_for_date(moment: datetime) -> str:
    """Say why a scheduled entry waits."""
    return f"{SCHEDULED}it is dated {moment:%Y-%m-%d %H:%M} UTC"
