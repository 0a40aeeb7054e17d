"""What ends on a day that is known: an account's credential, a version of a network's API. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from crosspost.config import Channel, Config
from crosspost.policy.lifetime import WARNINGS, Life, ends, warning
from crosspost.text import counted, local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end. `subject` tells it from every other; `what` goes on after the channel's name."""

    channel: str
    subject: str
    at: datetime
    what: str
    remedy: str
    zone: tzinfo = UTC
    """By whose clocks people are told the day."""

    def is_near(self, now: datetime) -> bool:
        """Tell whether this end is so near that people are told of it."""
        return now >= self.at - WARNINGS[0]

    def days(self, now: datetime) -> int | None:
        """Return how many days before this end its latest due warning lies; None while it is far."""
        due = warning(self.at, now)
        return due.days if due is not None else None

    def mark(self, now: datetime) -> str:
        """Tell a warning of this end from the next one, and from the end itself."""
        return "over" if now >= self.at else str(self.days(now))

    def says(self, now: datetime) -> str:
        """Return the sentence that tells people of this end."""
        left = self.at - now
        if left <= timedelta(0):
            when = f"ended on {local_date(self.at, self.zone)}"
        else:
            count = -(-left // timedelta(days=1))
            when = f"ends on {local_date(self.at, self.zone)}, in {counted(count, 'day')}"
        return f"{self.what} {when}; {self.remedy}"


def ends_of(channel: Channel, life: Life | None, zone: tzinfo = UTC) -> Iterator[End]:
    """Yield what ends for a channel. `life`: its credential's, if the vault holds one; `zone`: people's."""
    at = ends(life) if life is not None and not life.gone else None
    if at is not None:
        yield End(
            channel=channel.name,
            subject=f"credential {channel.name}",
            at=at,
            what="its access",
            remedy=f"connect it again: crosspost connect {channel.name}",
            zone=zone,
        )
    day = channel.adapter_class.version_ends(channel.settings)
    if day is not None:
        yield End(
            channel=channel.name,
            subject=f"version {channel.name}",
            at=datetime.combine(day, time(), zone),
            what=f"the version of the {channel.adapter} API it uses",
            remedy="raise api_version in the configuration",
            zone=zone,
        )


def version_ends(config: Config) -> Iterator[End]:
    """Yield the ends that the configuration alone tells."""
    for channel in config.channels.values():
        if not channel.dry_run:
            yield from ends_of(channel, None, config.timezone)
