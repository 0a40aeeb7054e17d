"""What some networks can do and others cannot. Having the method is the declaration: there is no flag."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from crosspost.model import Draft, Engagement, Media, Receipt, RemotePost


@runtime_checkable
class FindsRecent(Protocol):
    """Can read back what the account posted: the way out of `uncertain`."""

    async def find_recent(self, since: datetime) -> Sequence[RemotePost]:
        """List all of the account's own posts since then, newest first: see `whole_list`.

        Raise `NotSent` where the network shows no further back, or a page cannot be read: what is missing in
        a whole list is taken for absent and sent again, so an incomplete one would prove nothing.
        """


@runtime_checkable
class LogsIn(Protocol):
    """Signs its requests with what a request of its own gave, such as a session."""

    async def log_in(self, *, anew: bool = False) -> None:
        """Get a session, unless there is one; `anew`: the one there is was refused.

        Called before an attempt goes on record, so that only the request that publishes is ambiguous. Raise
        `NotSent`, or `Unauthorized` if the credential is no good.
        """


@runtime_checkable
class Uploads(Protocol):
    """Takes pictures in requests of their own, before the post, so that only the last request is ambiguous."""

    async def upload(self, media: Media) -> Media:
        """Upload the picture; return it with `remote_id`, and `expires` where the network forgets it.

        Nothing becomes public, so every failure here is `NotSent`, `Rejected` or `Unauthorized`.
        """


@runtime_checkable
class ReadiesMedia(Protocol):
    """Works on a picture after its upload, and refuses a post that names it too early."""

    async def is_ready(self, media: Media) -> bool:
        """Ask whether the uploaded picture, by its `remote_id`, may be named in a post now.

        If not, it is asked again later, and not uploaded again.
        """


@runtime_checkable
class TriesOut(Protocol):
    """Has no network, so that `check`, `status` and runs can try what it does without one."""

    def try_out(self) -> Sequence[str]:
        """Try it, and leave nothing behind; return what does not work here and what is done instead.

        Raise `PublishError` if nothing could be published.
        """


@runtime_checkable
class Edits(Protocol):
    """Can change a post in place."""

    async def edit(self, remote_id: str, draft: Draft) -> Receipt:
        """Make the post say what `draft` says, as far as the network allows."""


@runtime_checkable
class Retracts(Protocol):
    """Can take a post back."""

    async def retract(self, remote_id: str) -> None:
        """Delete the post; succeed if it is already gone."""


@runtime_checkable
class ReadsCounts(Protocol):
    """Can tell what readers did."""

    async def read_counts(self, remote_id: str) -> Engagement:
        """Read the post's likes, replies, reposts and views."""
