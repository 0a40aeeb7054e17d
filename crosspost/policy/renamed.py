"""What was renamed in the configuration: a feed is known by its address, a channel by its account."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a feed on record was, as a hash. `seen`: whether it was ever taken in; `asked`: when last."""

    address: str
    seen: bool = True
    asked: datetime | None = None


def renamed_feeds(known: Mapping[str, Place], configured: Mapping[str, Collection[str]]) -> Mapping[str, str]:
    """Return the new names of feeds that were renamed, by their old ones.

    `configured`: of each feed that the configuration has, all spellings of its address. A feed is renamed if
    its name is gone, or has another address now, and another name has the address where it was. Of several
    that are gone from there the one asked last is. A name with a record of its own, of another address, gives
    that away: to the name that has this address now, or to one that nobody uses.
    """
    left = {
        name: place
        for name, place in known.items()
        if place.seen and place.address not in configured.get(name, ())
    }
    renamed: dict[str, str] = {}
    for name, addresses in configured.items():
        if name in known and known[name].seen and name not in left:
            continue
        there = [old for old in left if left[old].address in addresses and old not in renamed]
        if there:
            renamed[max(there, key=lambda old: (left[old].asked or _NEVER, old))] = name
    for name in [new for new in renamed.values() if new in left and new not in renamed]:
        renamed[name] = next(
            retired for retired in _retired(name) if retired not in known and retired not in renamed.values()
        )
    return renamed


def _retired(name: str) -> Iterator[str]:
    """Yield names for the record of a feed whose name another has: no table can be called so."""
    return (f"{name[:40]} (before, {number})" for number in count(1))


_NEVER = datetime.min.replace(tzinfo=UTC)


def renamed_channels(
    gone: Iterable[tuple[str, str]], accounts: Mapping[str, str]
) -> Iterable[tuple[str, str, str]]:
    """Yield the old name, the account and the new name of channels whose account has exactly one channel now.

    `gone`: the channels that the configuration no longer has, with the account each spoke for.
    """
    for old, account in gone:
        heirs = [name for name, speaks_for in accounts.items() if account and speaks_for == account]
        if len(heirs) == 1:
            yield old, account, heirs[0]
