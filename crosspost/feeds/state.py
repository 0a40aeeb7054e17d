"""What is known of a feed, as a value: shared by the store and the glance."""

from dataclasses import dataclass
from datetime import datetime

READER = 1
"""What reads feeds now. Raise it whenever the same bytes come to other words, dates, links or ids.

Each feed is then read anew, and its entries are known again though their keys changed (docs/decisions/0036).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """One feed's row. A feed that was never polled has the defaults."""

    name: str
    address: str = ""
    """A hash of the configured address, which may be secret: tells when it was changed."""
    title: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    baseline_at: datetime | None = None
    """When its first sight was taken in; None: not yet."""
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    not_before: datetime | None = None
    """Until when the feed's server, or our own back-off, wants peace."""
    failures: int = 0
    problem: str = ""
    gone: bool = False
    moved_to: str = ""
    moved_times: int = 0
    largest: int = 0
    """The most entries that were ever new at once."""
    shown: int | None = None
    """How many entries its last document had that had any; None: that was not noted yet."""
    after_gap: int = 0
    """A `policy.Gap`: whether what it brings next may be on the networks already."""
    reader: int = 0
    """The `READER` that last read it whole."""

    @property
    def is_read_otherwise(self) -> bool:
        """Whether what is on record of it was made by another reader than ours."""
        return self.baseline_at is not None and self.reader != READER
