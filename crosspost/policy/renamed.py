"""What was renamed in the configuration: a feed is known by its address, a channel by its account."""

from collections.abc import Collection, Iterable, Mapping


def renamed_feeds(
    known: Mapping[str, tuple[str, bool]], configured: Mapping[str, Collection[str]]
) -> Mapping[str, str]:
    """Return the new names of feeds that were renamed, by their old ones.

    `known`: of each feed on record its address and whether it was ever taken in; `configured`: of each that
    the configuration has, all spellings of its address. A feed is renamed if exactly one of the feeds that are
    gone was there.
    """
    gone = {name: address for name, (address, seen) in known.items() if seen and name not in configured}
    renamed: dict[str, str] = {}
    for name, addresses in configured.items():
        if known.get(name, ("", False))[1]:
            continue
        there = [old for old, address in gone.items() if address in addresses]
        if len(there) == 1:
            renamed[there[0]] = name
            del gone[there[0]]
    return renamed


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
