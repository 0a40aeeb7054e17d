"""Since when posts are told and weeks are summed up: what is asked for first today does not mean the past."""

from collections.abc import Mapping
from datetime import datetime

from crosspost.config import Config
from crosspost.house import House
from crosspost.store import reports
from crosspost.store.database import Tx


async def note_since(house: House) -> None:
    """Bring on record what the configuration asks for, before anything goes out under it."""
    if await house.database.read(_differing, house):
        await house.database.write(_bring_up_to_date, house)


def _wanted(config: Config) -> Mapping[str, bool]:
    return {reports.POSTS: config.notify.tells_posts, reports.DIGEST: config.notify.digest is not None}


def _differing(tx: Tx, house: House) -> Mapping[str, bool]:
    """Return what is to begin (True), and what to end."""
    now = house.now()
    return {
        name: wanted
        for name, wanted in _wanted(house.config).items()
        if _is_good(reports.begun(tx, name), now) is not wanted
    }


def _is_good(since: datetime | None, now: datetime) -> bool:
    """Tell whether it has begun: not in a future that only a clock that was ahead can have named."""
    return since is not None and since <= now


def _bring_up_to_date(tx: Tx, house: House) -> None:
    for name, begins in _differing(tx, house).items():
        if begins:
            reports.begin(tx, name, house.now())
        else:
            reports.end(tx, name)
