"""The credentials in the vault: used while they are good, and renewed exactly once, whoever needs it.

A refresh is claimed durably before its request leaves, and the new token is durable before it is used. A
passing error changes nothing; only the network's own word ends a credential. See docs/decisions/0012.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from crosspost.accounts.sealing import given_at, mask, opened, sealed, with_secrets
from crosspost.accounts.standing import how_to_mend
from crosspost.accounts.wing import DEADLINE, Accounts, Held
from crosspost.config import Channel
from crosspost.contract import AnyAdapter, LogsIn
from crosspost.contract.login import Grant
from crosspost.errors import (
    CrosspostError,
    GrantGone,
    LoginError,
    NotSent,
    PublishError,
    RateLimited,
    Unauthorized,
    VaultError,
)
from crosspost.house import House
from crosspost.policy import lifetime
from crosspost.redact import hide
from crosspost.store import credentials
from crosspost.store.credentials import Credential
from crosspost.store.recorded import recorded, recorded_within
from crosspost.text import local_date

T = TypeVar("T")

_PATIENCE = timedelta(seconds=12)
"""How long whoever was refused waits for a new token, inside an attempt's own deadline."""
_LONGEST_PAUSE = timedelta(hours=1)
_STORE_PATIENCE = timedelta(seconds=60)
_NEEDED = DEADLINE + _STORE_PATIENCE
"""What of the lease must be left when the request leaves."""
_WAIT = timedelta(seconds=0.1)
"""The time between looks at a refresh that another process makes."""
_log = logging.getLogger(__name__)


async def using(
    house: House,
    channel: Channel,
    act: Callable[[AnyAdapter], Awaitable[T]],
    may: Callable[[], bool] = lambda: True,
) -> T:
    """Let `act` speak to the channel's network; once more, with a new token or session, if the old is refused.

    `may`: asked before `act` is called once more.
    """
    _refuse_unfinished(channel)
    held = await _soon(usable(house, channel), house) if channel.connected else None
    adapter = held.adapter if held is not None else house.adapter(channel)
    try:
        await _log_in(adapter)
        return await act(adapter)
    except Unauthorized as error:
        if not error.stale:
            raise
        if isinstance(adapter, LogsIn):
            await adapter.log_in(anew=True)
        else:
            renewed = await _soon(_renewed_for(house, channel, held), house) if held is not None else None
            if renewed is None:
                raise
            adapter = renewed.adapter
    if not may():
        raise RateLimited("its credential was renewed; there was no time left to try again", until=house.now())
    return await act(adapter)


async def begin_session(house: House, channel: Channel) -> None:
    """Get the channel's session, where its network has such a thing: the next request can then be the post."""
    await using(house, channel, _log_in)


async def _log_in(adapter: AnyAdapter) -> None:
    if isinstance(adapter, LogsIn):
        await adapter.log_in()


async def usable(house: House, channel: Channel) -> Held:
    """Return the channel's adapter with a credential that is good by the clock, renewed first if it is time.

    Raise `Unauthorized` if only a person can help, and `RateLimited` if it cannot be renewed for now.
    """
    _refuse_unfinished(channel)
    credential = await _load(house, channel)
    good = lifetime.is_good(credential.life, house.now())
    if good and credential.is_being_renewed(house.now(), lifetime.LEASE):
        pass  # by another, for whom nobody has to wait yet
    elif lifetime.wants_renewal(credential.life, house.now()):
        try:
            credential = await renew(house, channel, credential)
        except PublishError:
            # Not yet, but what we hold may be good still: that is why renewing begins early.
            credential = await _load(house, channel)
            if not lifetime.is_good(credential.life, house.now()):
                raise
    elif not good:
        day = local_date(credential.expires, house.config.timezone) if credential.expires else "a day past"
        raise Unauthorized(f"its credential ended on {day}; {how_to_mend(channel)}")
    return _held(house, channel, credential)


async def renew(house: House, channel: Channel, seen: Credential) -> Credential:
    """Renew the credential that was seen, or wait until somebody else has.

    Raise `Unauthorized` if only a person can help, and `RateLimited` if it cannot be renewed for now.
    """
    task = asyncio.create_task(_renew(house, channel, seen))
    house.wing(Accounts).renewals.add(task)
    task.add_done_callback(_ended(house))
    # Shielded: a refresh that is cut off may have used up what we hold.
    return await asyncio.shield(task)


def _ended(house: House) -> Callable[[asyncio.Task[Credential]], None]:
    def forget(task: asyncio.Task[Credential]) -> None:
        house.wing(Accounts).renewals.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited for it was told; if nobody does any more, it is on record

    return forget


async def _soon(waited_for: Awaitable[T], house: House) -> T:
    """Wait no longer than an attempt has time for. Nothing was sent meanwhile, so it can wait for its turn."""
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            return await waited_for
    except TimeoutError as error:
        raise RateLimited("its credential is being renewed", until=house.now()) from error


async def _renewed_for(house: House, channel: Channel, held: Held) -> Held | None:
    """Return an adapter with a newer token than this one's, which was refused; None if there can be none."""
    credential = await _load(house, channel)
    if credential.revision == held.revision:
        if not credential.renewable:
            return None
        credential = await renew(house, channel, credential)
    return _held(house, channel, credential)


async def _renew(house: House, channel: Channel, seen: Credential) -> Credential:
    loop = asyncio.get_running_loop()
    until = loop.time() + lifetime.LEASE.total_seconds()
    while loop.time() < until:
        now = house.now()
        current = await _load(house, channel)
        if current.revision != seen.revision:
            return current
        if current.refresh_after is not None and now < current.refresh_after <= now + _LONGEST_PAUSE:
            raise _trouble(channel, current.problem, lost=current.lost, until=current.refresh_after)
        claimed = await house.database.write(
            credentials.claim, channel.name, seen.revision, owner=house.owner, now=now, lease=lifetime.LEASE
        )
        if claimed is not None:
            return await _refresh(house, channel, claimed)
        await asyncio.sleep(_WAIT.total_seconds())  # another process is at it, and cannot tell us
    says = f"another process has been renewing its credential for {lifetime.LEASE.seconds} s"
    raise RateLimited(says, until=house.now())


async def _refresh(house: House, channel: Channel, claimed: Credential) -> Credential:
    """Make the one request of a claimed refresh, and put on record what came of it."""
    asked_at = house.now()
    try:
        login, grant = opened(house, channel, claimed)
        if claimed.refresh_until is None or house.now() > claimed.refresh_until - _NEEDED:
            # By now another process may be at it, and what we hold is no longer ours to use.
            raise RateLimited(
                "the program was frozen before its credential could be renewed", until=house.now()
            )
        async with asyncio.timeout(DEADLINE.total_seconds()):
            given = await login.refresh(grant)
    except VaultError as error:
        await _give_up(house, claimed, error, passing=False)
        raise Unauthorized(str(error)) from error
    except GrantGone as error:
        await _give_up(house, claimed, error, passing=False, gone=True)
        raise Unauthorized(f"{error}; {how_to_mend(channel)}") from error
    except LoginError as error:
        await _give_up(house, claimed, error, passing=False)
        raise Unauthorized(f"its credential could not be renewed: {error}") from error
    except NotSent as error:
        after = await _give_up(
            house, claimed, error, until=error.until if isinstance(error, RateLimited) else None
        )
        raise _trouble(channel, str(error), lost=claimed.lost, until=after) from error
    except (Exception, asyncio.CancelledError) as error:
        # A lost answer, or an adapter's own fault: the network may have used up what we hold.
        says = str(error) if isinstance(error, CrosspostError) else f"no answer ({type(error).__name__})"
        after = await _give_up(house, claimed, says, lost=True)
        raise _trouble(channel, says, lost=claimed.lost + 1, until=after) from error
    given = _continued(grant, given)
    mask(channel.name, given)
    # The network has forgotten what we held: this must be kept, whatever the database does meanwhile.
    renewed = await recorded_within(
        _STORE_PATIENCE,
        house.database.write,
        credentials.renew,
        claimed,
        given_at(asked_at, given, known=claimed),
        partial(sealed, house, channel.name, login.app, given),
    )
    if renewed is None:
        raise RateLimited("its credential was renewed by another process at the same time", until=house.now())
    _log.info("%s: its credential was renewed, and is good until %s", channel.name, renewed.expires)
    return renewed


async def _give_up(
    house: House,
    claimed: Credential,
    why: object,
    *,
    lost: bool = False,
    gone: bool = False,
    passing: bool = True,
    until: datetime | None = None,
) -> datetime:
    """Note a refresh that failed; return until when nobody tries again."""
    count = claimed.lost + 1 if lost else claimed.failures + 1
    now, pause = house.now(), lifetime.pause(count, lost=lost) if passing else _LONGEST_PAUSE
    after = min(max(until or now, now + pause), now + _LONGEST_PAUSE)
    await recorded(
        house.database.write,
        credentials.give_up,
        claimed,
        problem=hide(str(why)),
        after=after,
        failures=1 if passing else lifetime.FAILURES_BEFORE_ASKING,
        lost=lost,
        gone=gone,
    )
    return after


def _continued(grant: Grant, given: Grant) -> Grant:
    """Return the new grant, with what the network left out because it goes on."""
    return replace(
        given,
        secrets={**grant.secrets, **given.secrets},
        refresh_token=given.refresh_token or grant.refresh_token,
        kept={**grant.kept, **given.kept},
    )


def _refuse_unfinished(channel: Channel) -> None:
    """Raise `Unauthorized` for a channel whose page, author or blog is an example's: perhaps a stranger's."""
    if channel.unfinished:
        raise Unauthorized(f"it is not connected; {how_to_mend(channel)}")


async def _load(house: House, channel: Channel) -> Credential:
    credential = await house.database.read(credentials.load, channel.name)
    if credential is None:
        raise Unauthorized(f"it is not connected; {how_to_mend(channel)}")
    if credential.gone:
        raise Unauthorized(f"{credential.problem}; {how_to_mend(channel)}")
    return credential


def _held(house: House, channel: Channel, credential: Credential) -> Held:
    """Return the adapter of this revision, made once."""
    in_use = house.wing(Accounts).held
    held = in_use.get(channel.name)
    if held is None or held.revision != credential.revision:
        try:
            _, grant = opened(house, channel, credential)
        except VaultError as error:
            raise Unauthorized(str(error)) from error
        adapter = channel.adapter_class.open(with_secrets(channel, grant), house.client)
        held = in_use[channel.name] = Held(adapter=adapter, revision=credential.revision)
    return held


def _trouble(channel: Channel, problem: str, *, lost: int, until: datetime) -> PublishError:
    """Make the error for a failed renewal: it failed for now, or, if answers were lost, perhaps for good."""
    says = f"its credential could not be renewed: {problem}"
    if lost < lifetime.LOST_BEFORE_ASKING:
        return RateLimited(says, until=until)
    return Unauthorized(f"{says}; crosspost tries again now and then; if this goes on, {how_to_mend(channel)}")
