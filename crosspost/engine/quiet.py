"""The run that finds nothing: no delivery due, every feed unchanged. It opens the database only at a glance.

This is what cron does nearly every time, so it imports neither SQLAlchemy nor Jinja2.
"""

from collections.abc import Mapping
from datetime import datetime

from crosspost.config import Config
from crosspost.feeds import Unchanged
from crosspost.feeds.poll import Polled, Waits, address_hash
from crosspost.feeds.state import FeedState
from crosspost.policy import judge_gap, version_ends
from crosspost.report import Event, Tell, What
from crosspost.store import glance


def all_quiet(config: Config, polled: Mapping[str, Polled], tell: Tell, now: datetime) -> bool:
    """Note that every feed is unchanged, and say so; False if any is not, with nothing done."""
    path = config.database.path
    unchanged = (
        (isinstance(answer, Unchanged) and not answer.moved_back)
        or (isinstance(answer, Waits) and not answer.gone)
        for answer in polled.values()
    )
    if path is None or not all(unchanged):
        return False
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
    states = glance.idle_feeds(config.database.path, config.feeds, config.digest, now)
    if states is None or any(judge_gap(state.polled_at, now) for state in states.values()):
        return None
    same = all(states[name].address == address_hash(feed) for name, feed in config.feeds.items())
    return states if same else None
