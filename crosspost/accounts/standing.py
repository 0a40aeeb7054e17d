"""What is wrong with a channel's credential, by what is on record; views, closures and notices say it alike."""

from crosspost.config import Channel
from crosspost.errors import VaultError
from crosspost.store.credentials import Credential, credential_row
from crosspost.vault import Vault


def how_to_mend(channel: Channel) -> str:
    """Say what a person does about a channel's credential; "" if its adapter has none."""
    if channel.connected or channel.unfinished:
        return f"connect it: crosspost connect {channel.name}"
    if channel.secrets_from:
        places = " and ".join(dict.fromkeys(channel.secrets_from.values()))
        return f"put a new credential into {places}"
    return ""


def to_finish(channel: Channel, *, connected: bool = False) -> str:
    """Say what connecting is still to find for an unfinished channel. `connected`: it has a credential."""
    mend = f"crosspost connect {channel.name}"
    if channel.examples:
        return f"{channel.examples[0]} is the example's: {mend} finds yours"
    return f"{channel.unfinished[0]} is missing: {mend} finds it" if connected else f"not connected: {mend}"


def with_remedy(channel: Channel, problem: str) -> str:
    """Return a problem with what a person does about it, unless it says that already."""
    remedy = how_to_mend(channel)
    if not remedy or names_remedy(channel, problem):
        return problem
    return f"{problem.removesuffix('.')}; {remedy}"


def names_remedy(channel: Channel, problem: str) -> bool:
    """Tell whether another credential mends a problem, by its own words."""
    is_ours = channel.connected or channel.unfinished
    named = f"crosspost connect {channel.name}" if is_ours else how_to_mend(channel)
    return bool(named) and named in problem


def trouble_of(channel: Channel, credential: Credential | None, vault: Vault) -> str:
    """Say why a channel that is connected, or is to be, cannot be used; "" if nothing is known against it."""
    if channel.unfinished:
        return to_finish(channel, connected=credential is not None)
    if not channel.connected:
        return ""
    if credential is None:
        return f"not connected: crosspost connect {channel.name}"
    try:
        vault.open(credential.envelope, credential_row(channel.name))
    except VaultError as error:
        return str(error)
    if credential.needs_person:
        return with_remedy(channel, f"its credential could not be renewed: {credential.problem}")
    return ""
