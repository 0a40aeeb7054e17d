"""Everything crosspost raises on purpose.

    CrosspostError
      ConfigError              a person mends it, before anything runs
      NotifyError              a person could not be told; tried again
      StoreError               the database cannot be used as it is; a person
        StoreReplaced          ... it was exchanged under a running program, which ends
      LoginError               connecting an account failed, nothing was changed; a person
        GrantGone              ... the network's own word that what it gave is no longer good
      VaultError               credentials cannot be read without their key; a person
      FeedError                nobody; the next poll tries again
      FetchRefused             what a feed or a person named was not fetched; whoever wanted it decides
      NoPicture                nobody; the entry goes out without its picture
      NoRoom                   a template leaves no room for even the link; a person changes it
      PublishError             what a network's refusal means for the delivery
        NotSent                certainly not there; safe to repeat
          RateLimited          ... not before a moment; uses no attempt
        Rejected               this draft will never be accepted; a person
          Unauthorized         nothing will be accepted; the channel waits; a person
        Duplicate              the network says it has it already; look, then adopt
        Uncertain              may be there; reconcile before anything else

`str(error)` is a whole sentence for a person, in one line. Secrets are masked as the error is made, and what
would act on a terminal is dropped: many hold words of a stranger's server.
"""

from datetime import datetime

from crosspost.redact import hide, one_line, without_controls


class CrosspostError(Exception):
    """Be the root of all that crosspost raises on purpose."""

    def __init__(self, message: str) -> None:
        super().__init__(hide(one_line(message)))

    def __str__(self) -> str:
        return str(self.args[0])


class ConfigError(CrosspostError):
    """Say what in the configuration, the templates or the command is wrong, where, and what to do.

    A line for each thing: a person mends them together.
    """

    def __init__(self, message: str) -> None:
        Exception.__init__(self, hide(without_controls(message)))


class NotifyError(CrosspostError):
    """Say why a person could not be told. It is tried again."""


class StoreError(CrosspostError):
    """Say why the database cannot be used, and what to do. Nothing was changed."""


class StoreReplaced(StoreError):
    """Say that the database is not the one that was opened: going on would forget what was sent."""


class LoginError(CrosspostError):
    """Say why an account could not be connected, or its credential not be renewed, and what to do."""


class GrantGone(LoginError):
    """Say that the network no longer accepts what it gave: only a person can connect again."""


class VaultError(CrosspostError):
    """Say why credentials cannot be read or kept, and what to do. Nothing was changed."""


class FeedError(CrosspostError):
    """Say why a feed could not be read. The next poll tries again.

    `retry_at`: the server asked not to be called before (aware UTC). `gone`: it answered 410, so it is
    looked at only now and then, and a person is told.
    """

    def __init__(self, message: str, *, retry_at: datetime | None = None, gone: bool = False) -> None:
        super().__init__(message)
        self.retry_at = retry_at
        self.gone = gone


class FetchRefused(CrosspostError):
    """Say why a document named by a feed or a person was not fetched: address, size, redirect, failure."""


class NoPicture(CrosspostError):
    """Say why the entry goes out without its picture."""


class NoRoom(CrosspostError):
    """Say that the template leaves no room for even the link."""


class PublishError(CrosspostError):
    """Be the root of what can go wrong with one attempt. Adapters raise only its subclasses."""


class NotSent(PublishError):
    """Say that the network certainly does not have it, and that the same may be tried again."""


class RateLimited(NotSent):
    """Say that the network wants a pause. `until`: aware UTC, or None if it did not say."""

    def __init__(self, message: str, *, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class Rejected(PublishError):
    """Say that this draft will never be accepted, however often it is sent."""


class Unauthorized(Rejected):
    """Say that the credential is not accepted: nothing on this channel will be until a person acts.

    `stale`: it is the access token itself that was refused, so that a new one may be accepted.
    """

    def __init__(self, message: str, *, stale: bool = False) -> None:
        super().__init__(message)
        self.stale = stale


class Duplicate(PublishError):
    """Say that the network refused because it has this already; `remote_id` and `url` if it named the post."""

    def __init__(self, message: str, *, remote_id: str | None = None, url: str | None = None) -> None:
        super().__init__(message)
        self.remote_id = remote_id
        self.url = url


class Uncertain(PublishError):
    """Say that the network may or may not have it. No second request before that is known."""
