"""What networks gave us to act for accounts. The secrets are sealed; the rest may be seen.

A refresh token is often good once, so a refresh is claimed durably before its request leaves, as an attempt
is: whoever comes next waits, and if the claimer died, knows that an answer may have been lost.
See docs/decisions/0012.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from crosspost.policy import Life, lifetime
from crosspost.store.database import Tx
from crosspost.store.tables import apps, credentials, warnings
from crosspost.store.upsert import upsert

_column = credentials.c
Seal = Callable[[], str]
"""Makes an envelope, inside the transaction that keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One channel's row. `revision` rises with every new token."""

    channel: str
    envelope: str = field(repr=False)
    revision: int
    way: str
    account_id: str
    account_name: str
    scopes: str
    renewable: bool
    connected: datetime
    obtained: datetime
    expires: datetime | None
    renewable_until: datetime | None
    refresh_owner: str = ""
    refresh_until: datetime | None = None
    refresh_after: datetime | None = None
    failures: int = 0
    lost: int = 0
    problem: str = ""
    gone: bool = False
    look_at: datetime | None = None

    @property
    def life(self) -> Life:
        return Life(
            obtained=self.obtained,
            expires=self.expires,
            renewable=self.renewable,
            renewable_until=self.renewable_until,
            gone=self.gone,
        )

    @property
    def needs_person(self) -> bool:
        """Whether renewing it does not go well."""
        return lifetime.needs_person(failures=self.failures, lost=self.lost, gone=self.gone)

    def is_being_renewed(self, now: datetime, lease: timedelta) -> bool:
        """Tell whether a living process renews the credential, not by a lease that a wrong clock made long."""
        return self.refresh_until is not None and now < self.refresh_until <= now + lease


def load(tx: Tx, channel: str) -> Credential | None:
    """Return a channel's credential, if it was connected."""
    row = tx.execute(_LOAD, {"this": channel}).mappings().first()
    return Credential(**row) if row else None


_LOAD = sa.select(credentials).where(_column.channel == sa.bindparam("this"))


def load_all(tx: Tx) -> Mapping[str, Credential]:
    """Return all that are connected, by channel."""
    rows = tx.execute(sa.select(credentials).order_by(_column.channel)).mappings()
    return {row["channel"]: Credential(**row) for row in rows}


def keep(tx: Tx, credential: Credential, seal: Seal) -> None:
    """Keep what a person connected, in place of what was there."""
    before = load(tx, credential.channel)
    values = _values(credential) | {"revision": before.revision + 1 if before else 1, "envelope": seal()}
    del values["channel"]
    upsert(tx, credentials, {"channel": credential.channel}, values)
    tx.execute(sa.delete(warnings).where(warnings.c.subject == f"credential {credential.channel}"))


def claim(
    tx: Tx, channel: str, revision: int, *, owner: str, now: datetime, lease: timedelta
) -> Credential | None:
    """Claim the refresh of this revision; None if another process has done that, or is doing it.

    The row is locked meanwhile. A claim that was left behind counts as a lost answer.
    """
    statement = sa.select(credentials).where(_column.channel == channel)
    row = tx.execute(statement.with_for_update()).mappings().first()
    credential = Credential(**row) if row else None
    if credential is None or credential.revision != revision or credential.is_being_renewed(now, lease):
        return None
    lost = credential.lost + bool(credential.refresh_owner)
    values = {"refresh_owner": owner, "refresh_until": now + lease, "lost": lost}
    tx.execute(sa.update(credentials).where(_column.channel == channel).values(values))
    return load(tx, channel)


def renew(tx: Tx, claimed: Credential, renewed: Credential, seal: Seal) -> Credential | None:
    """Put the new token in place of the claimed one, and return it; None if the claim is no longer ours."""
    values = _values(renewed) | {"revision": claimed.revision + 1, "envelope": seal()}
    changed = tx.execute(sa.update(credentials).where(_is_ours(claimed)).values(values))
    return load(tx, claimed.channel) if changed.rowcount else None


def give_up(
    tx: Tx,
    claimed: Credential,
    *,
    problem: str,
    after: datetime,
    failures: int = 1,
    lost: bool = False,
    gone: bool = False,
) -> bool:
    """Note why a claimed refresh failed, and until when nobody tries again; False if the claim is not ours."""
    values = {
        "refresh_owner": "",
        "refresh_until": None,
        "refresh_after": after,
        "failures": claimed.failures + failures,
        "lost": claimed.lost + lost,
        "problem": problem,
        "gone": gone,
    }
    return bool(tx.execute(sa.update(credentials).where(_is_ours(claimed)).values(values)).rowcount)


def _is_ours(claimed: Credential) -> sa.ColumnElement[bool]:
    return sa.and_(
        _column.channel == claimed.channel,
        _column.revision == claimed.revision,
        _column.refresh_owner == claimed.refresh_owner,
    )


def remove(tx: Tx, channel: str) -> bool:
    """Forget a channel's credential and application; tell whether there was one."""
    tx.execute(sa.delete(apps).where(apps.c.channel == channel))
    tx.execute(sa.delete(warnings).where(warnings.c.subject == f"credential {channel}"))
    return bool(tx.execute(sa.delete(credentials).where(_column.channel == channel)).rowcount)


def look_at(tx: Tx, channel: str, revision: int, moment: datetime | None) -> None:
    """Note when a run has something to do about a credential."""
    mine = sa.and_(_column.channel == channel, _column.revision == revision)
    tx.execute(sa.update(credentials).where(mine).values(look_at=moment))


def first_look(tx: Tx, channels: Collection[str]) -> datetime | None:
    """Return when a run first has something to do about a credential of these channels; None: never."""
    statement = sa.select(sa.func.min(_column.look_at)).where(_column.channel.in_(list(channels)))
    moment: datetime | None = tx.execute(statement).scalar_one_or_none()
    return moment


def is_empty(tx: Tx) -> bool:
    """Tell whether nothing is sealed yet."""
    return not any(
        tx.execute(sa.select(sa.func.count()).select_from(table)).scalar() for table in (credentials, apps)
    )


def load_app(tx: Tx, channel: str) -> tuple[str, str] | None:
    """Return the sealed application of a channel, and the redirect address it was registered with."""
    row = tx.execute(sa.select(apps.c.envelope, apps.c.redirect).where(apps.c.channel == channel)).first()
    return (row.envelope, row.redirect) if row else None


def keep_app(tx: Tx, channel: str, redirect: str, seal: Seal) -> None:
    """Keep the application with which a channel is connected."""
    upsert(tx, apps, {"channel": channel}, {"envelope": seal(), "redirect": redirect})


def envelopes(tx: Tx) -> Sequence[tuple[str, str]]:
    """Return every envelope, and the row it is bound to."""
    return [
        (row.envelope, row_of(row.channel))
        for table, row_of in _SEALED
        for row in tx.execute(sa.select(table.c.channel, table.c.envelope))
    ]


def reseal(tx: Tx, sealed_anew: Callable[[str, str], str]) -> int:
    """Exchange every envelope for `sealed_anew(envelope, row)`, all or none; return how many."""
    count = 0
    for table, row_of in _SEALED:
        for row in tx.execute(sa.select(table.c.channel, table.c.envelope).with_for_update()).all():
            envelope = sealed_anew(row.envelope, row_of(row.channel))
            tx.execute(sa.update(table).where(table.c.channel == row.channel).values(envelope=envelope))
            count += 1
    return count


def credential_row(channel: str) -> str:
    """Name a credential's row: its envelope opens nowhere else."""
    return f"credential of {channel}"


def app_row(channel: str) -> str:
    """Name the row of a channel's application."""
    return f"application of {channel}"


_SEALED = ((credentials, credential_row), (apps, app_row))


def warned(tx: Tx, subject: str) -> tuple[datetime, int] | None:
    """Return of which end people were last warned, and how many days ahead."""
    row = tx.execute(sa.select(warnings).where(warnings.c.subject == subject)).first()
    return (row.ends, row.days) if row else None


def note_warning(tx: Tx, subject: str, ends: datetime, days: int) -> None:
    """Note that people were warned of an end."""
    upsert(tx, warnings, {"subject": subject}, {"ends": ends, "days": days})


def _values(credential: Credential) -> dict[str, object]:
    return {name: getattr(credential, name) for name in Credential.__slots__}
