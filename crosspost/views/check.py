"""Check a configuration: by itself, or with its feeds and accounts."""

import asyncio
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crosspost.accounts.standing import to_finish
from crosspost.compose import Template, a_sample, compile_template, compose
from crosspost.compose.preview import price_of
from crosspost.config import Channel, Config, Feed
from crosspost.config.account import account_key
from crosspost.config.limits import ATTENTION, POSTS, millionths
from crosspost.config.model import ChannelKeys
from crosspost.config.placeholder import is_nobodys
from crosspost.config.zones import doubt
from crosspost.contract import TriesOut
from crosspost.delivery.learning import verify
from crosspost.errors import ConfigError, FeedError, PublishError
from crosspost.feeds.poll import read_now
from crosspost.house import House
from crosspost.http import Offline, utc_now
from crosspost.http.proxy import Proxies
from crosspost.http.surroundings import problem_of, problems, shown
from crosspost.model import Account, Money
from crosspost.policy import EVERYTHING, Cover, Scope, all_covers, next_opening, rules_for
from crosspost.store import feeds as store_feeds
from crosspost.text import canonical_link
from crosspost.views.hours import posting_times
from crosspost.views.places import unwritable
from crosspost.views.safekeeping import key_beside, readable_by_others, troubles, unconnected


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked, and what came of it."""

    subject: str
    good: bool
    text: str
    warns: bool = False
    """Whether a person should look at it though it hinders nothing."""
    then: str = ""
    """The command that settles it, if one does."""


def check_offline(config: Config, unconnected: Collection[str] = ()) -> list[Finding]:
    """Check what loading left out: templates, prices against limits in money, whether a channel ever opens.

    `unconnected`: the channels that wait for `crosspost connect`.
    What needs no network, such as a signature's files, is tried.
    Raise `ConfigError` with the key of what is wrong.
    """
    findings = list(_surroundings(os.environ))
    if config.timezone.key == "UTC" and (says := doubt(os.environ)):
        findings.append(Finding("timezone", True, says, warns=True))
    for channel in config.channels.values():
        template = compile_template(channel)
        then = f"crosspost connect {channel.name}" if channel.name in unconnected or channel.unfinished else ""
        text = f"ready once it is connected: {then}" if then else "ready"
        if channel.unfinished:
            text = to_finish(channel)
        elif channel.dry_run:
            text = "dry run: shows what it would send"
        times = posting_times(config, channel, rules_for(config, channel))
        findings.append(_tried(channel, "; ".join(filter(None, (f"{channel.adapter}, {text}", times))), then))
        findings += _doubtful_words(channel, template)
        findings += _doubtful_settings(channel)
        if next_opening(utc_now(), channel.timezone or config.timezone, channel.hours, channel.quiet) is None:
            says = "its hours and quiet days leave no moment for three years; open it earlier, or remove it"
            raise ConfigError(f"{config.path}: channels.{channel.name}.quiet: {says}")
    prices = {name: _price(channel) for name, channel in config.channels.items()}
    for cover in all_covers(config):
        path = f"{config.path}: {_KEYS[cover.scope.kind].format(cover.scope.name)}"
        if wrong := _money_problem(config, cover, prices):
            raise ConfigError(f'{path}: "{cover.limit}" {wrong}')
    findings += [*_shared_accounts(config), *_unused(config)]
    for name in _costless(config):
        text = "limits in minutes count nothing yet: no channel they cover has attention"
        findings.append(Finding(name, True, text, warns=True))
    return findings


def _doubtful_words(channel: Channel, template: Template) -> Iterator[Finding]:
    """Yield what is allowed in a channel's opening lines, and was hardly meant."""
    subject = f"channels.{channel.name}.words"
    if channel.words and not template.uses("opening"):
        says = "has words, but its template does not show them; write {{ opening }} where they belong"
        yield Finding(subject, True, says, warns=True)
    for category in channel.words:
        if category in ChannelKeys.model_fields or category in type(channel.settings).model_fields:
            says = f"has lines for a category {category}; if the key was meant, put it above [{subject}]"
            yield Finding(subject, True, says, warns=True)


def _doubtful_settings(channel: Channel) -> Iterator[Finding]:
    """Yield the addresses that are a guide's: nobody is there."""
    if channel.dry_run:
        return
    for key, value in channel.settings:
        if key not in channel.unfinished and isinstance(value, str) and is_nobodys(value):
            says = "is an example's address; write the real one"
            yield Finding(f"channels.{channel.name}.{key}", False, says)


def _shared_accounts(config: Config) -> list[Finding]:
    """Say which channels speak for one account, as far as their settings tell."""
    first: dict[str, str] = {}
    findings = []
    for name, channel in config.channels.items():
        key = account_key(channel)
        other = first.setdefault(key, name)
        if key and other != name:
            findings.append(Finding(f"channels.{name}", True, _goes_out_once(other), warns=True))
    return findings


def _goes_out_once(first: str) -> str:
    return (
        f"speaks for the same account as channels.{first}: an entry goes out on one of them, on {first} where "
        "both announce it"
    )


def _unused(config: Config) -> Iterator[Finding]:
    """Yield feeds that no channel announces, and channels that announce none."""
    for name in config.feeds:
        if not any(channel.announces(name) for channel in config.channels.values()):
            yield Finding(f"feeds.{name}", True, "no channel announces it; name it in one's feeds", warns=True)
    for name, channel in config.channels.items():
        if not any(map(channel.announces, config.feeds)):
            says = "it announces no feed; take its feeds away for all, or name one"
            yield Finding(f"channels.{name}", True, says, warns=True)


def _tried(channel: Channel, text: str, then: str) -> Finding:
    """Return what is known of a channel, and what came of trying it where that needs no network."""
    adapter = channel.adapter_class.open(channel.settings, Offline())
    if channel.dry_run or not isinstance(adapter, TriesOut):
        return Finding(f"channels.{channel.name}", True, text, warns=bool(then), then=then)
    try:
        remarks = adapter.try_out()
    except PublishError as error:
        return Finding(f"channels.{channel.name}", False, str(error))
    return Finding(f"channels.{channel.name}", True, "; ".join([text, *remarks]), warns=bool(remarks))


def _surroundings(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Yield through which proxies everything goes, and what is wrong with the environment's words."""
    proxies = Proxies.of(environment)
    besides = f", but for {', '.join(proxies.without)}" if proxies.without else ""
    for kind, proxy in (("http", proxies.http), ("https", proxies.https)):
        if proxy:
            yield Finding(f"proxy.{kind}", not problem_of(proxy), f"by {shown(proxy)}{besides}")
    yield from (Finding("surroundings", False, says) for says in problems(environment))


_KEYS = {"channel": "channels.{}.limits", "person": "people.{}.budget", "everything": "time_box.budget"}


def _price(channel: Channel) -> Money:
    """Return what the network bills for a post as this channel makes them, with its link."""
    return price_of(channel, compose(a_sample(channel)))


def _money_problem(config: Config, cover: Cover, prices: Mapping[str, Money]) -> str:
    """Say why a limit in money could never be met, or would never count; "" if neither."""
    unit = cover.limit.unit
    if unit in (POSTS, ATTENTION):
        return ""
    covered = {name: prices[name] for name in _covered(config, cover) if prices[name].amount}
    billed = sorted({price.currency for price in covered.values()})
    if unit not in billed and (billed or cover.scope.kind == "channel"):
        return f"would never count: {f'it is billed in {billed[0]}' if billed else 'nothing is billed there'}"
    for name, price in covered.items():
        if price.currency == unit and millionths(price) > cover.limit.amount:
            return f"can never be met: one post of channels.{name} costs {price}; raise it"
    return ""


def _costless(config: Config) -> list[str]:
    """Return the budgets in minutes of which no channel takes any."""
    budgets = []
    for cover in all_covers(config):
        takes = any(config.channels[name].attention for name in _covered(config, cover))
        if cover.limit.unit == ATTENTION and not takes:
            budgets.append(_KEYS[cover.scope.kind].format(cover.scope.name))
    return list(dict.fromkeys(budgets))


def _covered(config: Config, cover: Cover) -> list[str]:
    """Return the channels that a limit covers, by what the configuration says."""
    scope = cover.scope
    return [
        name
        for name, channel in config.channels.items()
        if scope in (EVERYTHING, Scope.channel(name), Scope.person(channel.owner or ""))
    ]


async def check_here(house: House) -> list[Finding]:
    """Check what is on this machine: the configuration, what is sealed, and who else can read the secrets."""
    findings = check_offline(house.config, await unconnected(house))
    findings += [Finding(subject, False, why) for subject, why in unwritable(house.config)]
    if house.config.database.path is not None:
        await house.database.is_there()  # raises what is wrong with a file in its place
    for name, trouble in await troubles(house):
        findings.append(Finding(f"channels.{name}", False, trouble))
    for sentence in (*readable_by_others(house.config), *key_beside(house.config)):
        findings.append(Finding("files", True, sentence, warns=True))
    return findings


async def check_online(house: House) -> list[Finding]:
    """Read each feed too, and ask each network whom the credential speaks for."""
    findings, config = await check_here(house), house.config
    said: dict[str, Account] = {}
    feeds = [_check_feed(house, name, feed) for name, feed in config.feeds.items()]
    accounts = [
        _check_account(house, channel, said) for channel in config.channels.values() if not channel.dry_run
    ]
    # All of them end before the house closes: a child that reads a feed would be waited for without end.
    for found in await asyncio.gather(*feeds, *accounts, return_exceptions=True):
        if isinstance(found, BaseException):
            raise found
        findings.append(found)
    return [*findings, *accounts_met_twice(config, said)]


def accounts_met_twice(config: Config, said: Mapping[str, Account]) -> Iterator[Finding]:
    """Yield the channels that speak for one account as only the networks' answers show."""
    first: dict[tuple[str, str, str], str] = {}
    for name in config.channels:
        if name not in said:
            continue
        channel, account = config.channels[name], said[name].id
        where = canonical_link(str(getattr(channel.settings, "base_url", "")))
        other = first.setdefault((channel.adapter, where, account), name)
        beside = config.channels[other]
        if other == name or account_key(channel) == account_key(beside):
            continue  # the latter was said without asking anybody
        says = _goes_out_once(other)
        if account_key(channel, account) != account_key(beside, account):
            says = (
                f"speaks for the same account as channels.{other}, by another name: an entry would go out on "
                "both; take one of them away, or name the account alike"
            )
        yield Finding(f"channels.{name}", True, says, warns=True)


def next_step(config: Config, findings: Sequence[Finding], *, online: bool) -> str:
    """Say what to do after a check."""
    if not all(finding.good for finding in findings):
        return "mend what is marked ✗, and check again"
    if command := next((finding.then for finding in findings if finding.then), ""):
        return command
    if all(channel.dry_run for channel in config.channels.values()):
        return "see what would be said: crosspost preview"
    if not online:
        return "ask the feeds and networks too: crosspost check --online"
    return "see what goes out when: crosspost plan"


async def _check_feed(house: House, name: str, feed: Feed) -> Finding:
    """Read a feed as it is now; one that is back, though it was gone, is asked by the next poll."""
    try:
        document = await read_now(house.client, name, feed, house.config.timezone)
    except FeedError as error:
        return Finding(f"feeds.{name}", False, str(error))
    known = await house.read(store_feeds.load, [name])
    if known is not None and known[name].failures:
        await house.database.write(store_feeds.look_again, name)
    return Finding(f"feeds.{name}", True, f"{document.title or feed.host}: {len(document.items)} entries")


async def _check_account(house: House, channel: Channel, said: dict[str, Account]) -> Finding:
    """Ask the network whom a channel speaks for, and note it by the channel's name."""
    subject = f"channels.{channel.name}"
    there = await house.database.is_there()
    if channel.connected and not there:
        return Finding(subject, False, f"it is not connected; connect it: crosspost connect {channel.name}")
    try:
        account = await verify(house, channel, keep=there)
    except PublishError as error:
        return Finding(subject, False, str(error))
    said[channel.name] = account
    return Finding(subject, True, f"speaks for {account.name or account.id}")
