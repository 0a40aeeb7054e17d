"""The run that finds nothing: no delivery due, every feed unchanged. It opens the database only at a glance.

This is what cron does nearly every time, so it imports neither SQLAlchemy nor Jinja2.
"""

from collections.abc import Mapping
from datetime import datetime

from crosspost.config import Config
from crosspost.feeds import Unchanged
from crosspost.feeds.poll import Polled, Waits, address_hash
from crosspost.feeds.state import FeedState
from crosspost.people.beside import looks_of
from crosspost.policy import judge_gap, version_ends
from crosspost.report import Event, Tell, What
from crosspost.store import glance


def nothing_new(polled: Mapping[str, Polled]) -> bool:
    """Tell whether no feed has anything to be taken in."""
    return all(
        (isinstance(answer, Unchanged) and not answer.moved_back)
        or (isinstance(answer, Waits) and not answer.gone)
        for answer in polled.values()
    )


def note_quiet(config: Config, polled: Mapping[str, Polled], tell: Tell, now: datetime) -> bool:
    """Note that every feed is unchanged, and say so; False if the store should say why that cannot be noted."""
    path = config.database.path
    assert path is not None, "only a file is looked at so"
    for name, answer in polled.items():
        if isinstance(answer, Unchanged) and not glance.note_unchanged(path, name, answer, now):
            return False
        text = answer.reason if isinstance(answer, Waits) else "nothing new"
        tell(Event(what=What.FEED_UNCHANGED, subject=name, text=text))
    return True


def known_states(config: Config, now: datetime) -> Mapping[str, FeedState] | None:
    """Return the feeds' states if nothing is due, no address was changed, and there was no gap; else None."""
    if config.database.path is None:
        return None  # a server's round trips cost more than the imports that a glance saves
    if any(end.is_near(now) for end in version_ends(config)):
        return None  # people are told of it
    states = glance.idle_feeds(config.database.path, config.feeds, looks_of(config), now)
    if states is None or any(judge_gap(state.polled_at, now) for state in states.values()):
        return None
    same = all(states[name].address == address_hash(feed) for name, feed in config.feeds.items())
    return states if same else None
