"""Everything crosspost raises on purpose.

    CrosspostError
      ConfigError              a person mends it, before anything runs
      NotifyError              a person could not be told; tried again
      StoreError               the database cannot be used as it is; a person
        Unexplained            ... it refused something, and damage may be why
        StoreReplaced          ... it was exchanged under a running program, which ends
      LoginError               connecting an account failed, nothing was changed; a person
        GrantGone              ... the network's own word that what it gave is no longer good
      VaultError               credentials cannot be read without their key; a person
      CutShort                 a run was cut off at its end; the next one settles what it left
      FeedError                nobody; the next poll tries again
        Unproven               ... its server could not prove who it is
      FetchRefused             what a feed or a person named was not fetched; whoever wanted it decides
        Garbled                ... it came, packed in a way that cannot be undone
      NoPicture                nobody; the entry goes out without its picture
        UnfitPicture           ... for what it is: another try would find the same
      NoRoom                   a template leaves no room for even the link; a person changes it
      PublishError             what a network's refusal means for the delivery
        NotSent                certainly not there; safe to repeat
          RateLimited          ... not before a moment; uses no attempt
          Intercepted          ... a proxy or firewall answered in the network's place
        Rejected               this draft will never be accepted; a person
          BadPicture           ... with its picture: it goes without
          Barred               nothing of this account will be; the channel waits, its entries too; a person
            Unauthorized       ... with this credential
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


class Unexplained(StoreError):
    """Say what the database refused, where damage may be the reason: whoever raises this has not looked."""


class StoreReplaced(StoreError):
    """Say that the database is not the one that was opened: going on would forget what was sent."""


class LoginError(CrosspostError):
    """Say why an account could not be connected, or its credential not be renewed, and what to do."""


class GrantGone(LoginError):
    """Say that the network no longer accepts what it gave: only a person can connect again."""


class VaultError(CrosspostError):
    """Say why credentials cannot be read or kept, and what to do. Nothing was changed."""


class CutShort(CrosspostError):
    """Say that a run was cut off, with something under way. A later one settles that."""


class FeedError(CrosspostError):
    """Say why a feed could not be read. The next poll tries again.

    `retry_at`: the server asked not to be called before (aware UTC). `gone`: it answered 410, so it is
    looked at only now and then, and a person is told.
    """

    def __init__(self, message: str, *, retry_at: datetime | None = None, gone: bool = False) -> None:
        super().__init__(message)
        self.retry_at = retry_at
        self.gone = gone


class Unproven(FeedError):
    """Say that a server could not prove who it is: it is not asked again where it need not."""


class FetchRefused(CrosspostError):
    """Say why a document named by a feed or a person was not fetched: address, size, redirect, failure."""


class Garbled(FetchRefused):
    """Say why a document cannot be unpacked."""


class NoPicture(CrosspostError):
    """Say why the entry goes out without its picture."""


class UnfitPicture(NoPicture):
    """Say why a picture itself cannot be sent, however often it is looked at."""


class NoRoom(CrosspostError):
    """Say that the template leaves no room for even the link."""


class PublishError(CrosspostError):
    """Be the root of what can go wrong with one attempt. Adapters raise only its subclasses.

    `until`: the network asked not to be called before (aware UTC), or None if it did not say.
    """

    def __init__(self, message: str, *, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class NotSent(PublishError):
    """Say that the network certainly does not have it, and that the same may be tried again."""


class RateLimited(NotSent):
    """Say that the network wants a pause."""


class Intercepted(NotSent):
    """Say that what refused was not the network: a proxy, a firewall or a portal answered in its place."""


class Rejected(PublishError):
    """Say that this draft will never be accepted, however often it is sent.

    `unexplained`: for no reason that the adapter knows as an entry's own. The first such refusal is the
    entry's trouble; once another entry is refused so as well, it is the account's.
    """

    def __init__(self, message: str, *, unexplained: bool = False, until: datetime | None = None) -> None:
        super().__init__(message, until=until)
        self.unexplained = unexplained


class BadPicture(Rejected):
    """Say that the network does not take the picture: the same without it may be accepted.

    `passing`: it is not ready yet, so that the same may be tried again first.
    """

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class Barred(Rejected):
    """Say that the account may not publish now, whatever the entry: locked, suspended, blocked, unpaid."""


class Unauthorized(Barred):
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
    """Say that the network may or may not have it. No second request before that is known.

    `over_picture`: the network's trouble was with the picture, so that a second request, if any, goes without.
    """

    def __init__(self, message: str, *, over_picture: bool = False) -> None:
        super().__init__(message)
        self.over_picture = over_picture
