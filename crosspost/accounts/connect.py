"""The steps of connecting, in order; what is asked and shown goes through a `Dialogue`.

Until the last step nothing that is in use changes: whatever fails before, the old credential stays.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError

from crosspost.accounts.callback import HOST, listening, new_address, pasted
from crosspost.accounts.sealing import given_at, sealed
from crosspost.accounts.wing import Accounts
from crosspost.config import Config
from crosspost.config.edit import missing
from crosspost.config.load import load_around
from crosspost.config.model import NAME
from crosspost.config.secrets import is_secret, resolve
from crosspost.contract import ODD, AdapterSettings, AnyAdapter, LogsIn
from crosspost.contract.login import App, Application, Choice, Consent, ConsentLogin, Grant, Login, TypedLogin
from crosspost.contract.registry import adapter_class, can_connect, kinds
from crosspost.contract.settings import partly
from crosspost.errors import ConfigError, CrosspostError, LoginError, PublishError
from crosspost.house import House
from crosspost.http import Client
from crosspost.model import Account, Learnt
from crosspost.policy import renewal as policy
from crosspost.redact import learn
from crosspost.store import channels, credentials, decisions, learnt
from crosspost.store.credentials import Credential, app_row
from crosspost.store.database import Tx

PATIENCE = timedelta(minutes=10)
"""How long a person has in the browser."""


class Dialogue(Protocol):
    """What is said to the person who connects, and asked of that person."""

    def say(self, text: str) -> None: ...

    async def ask(self, question: str, *, default: str = "", hidden: bool = False) -> str: ...

    async def choose(self, question: str, options: Sequence[str]) -> int: ...

    def open(self, url: str) -> None:
        """Open the browser there, and show the address in any case."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line says."""

    channel: str
    made_by: str
    adapter: str | None = None
    way: str | None = None
    port: int | None = None
    redirect: str | None = None
    """An address of the user's own that is registered at the network; its answer is pasted."""
    paste: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is known before anybody is asked: the channel as the file has it, and what its adapter can."""

    config: Config
    channel: str
    adapter: str
    kind: type[AnyAdapter]
    table: Mapping[str, Any] | None
    given: Mapping[str, Any] = field(repr=False)
    """What the table says of the adapter's settings, without its secrets."""
    settings: AdapterSettings = field(repr=False)
    """The same as values, the defaults with them; None for what is required and not known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What came of connecting. `lacks`: the keys that the channel's table in the configuration still needs."""

    choice: Choice
    ends: datetime | None
    renewable: bool
    lacks: Mapping[str, str]
    is_new: bool
    shadowed: Sequence[str]
    """Keys of the table that win over what was stored now."""
    key_file: Path | None


def planned(path: Path, wanted: Wanted) -> Plan:
    """Read the configuration around the channel. Raise `ConfigError` if it cannot be connected."""
    if not re.match(NAME, wanted.channel):
        raise ConfigError(f"{wanted.channel!r} is no name; use letters, digits, _ - and ., at most 64")
    config, table = load_around(path, wanted.channel)
    named = (table or {}).get("adapter") or wanted.adapter
    known = [kind for kind in kinds() if can_connect(adapter_class(kind))]
    adapter = named or (wanted.channel if wanted.channel in known else None)
    if adapter is None:
        raise ConfigError(
            f"{path}: there is no channel {wanted.channel!r} yet; say of which network it is to be, with "
            f"--adapter and one of: {', '.join(known)}"
        )
    if adapter not in known:
        raise ConfigError(
            f"channels.{wanted.channel} needs no connecting: its adapter is {adapter!r}; those that do are: "
            f"{', '.join(known)}"
        )
    kind = adapter_class(adapter)
    given = _given(path, wanted.channel, kind, table or {})
    try:
        settings = partly(kind.Settings, given, folder=path.parent)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        key, says = ".".join(map(str, wrong["loc"])), wrong["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{path}: channels.{wanted.channel}.{key}: {says}") from error
    return Plan(
        config=config,
        channel=wanted.channel,
        adapter=adapter,
        kind=kind,
        table=table,
        given=given,
        settings=settings,
    )


def _given(path: Path, channel: str, kind: type[AnyAdapter], table: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a channel's table says of the adapter's settings, references followed, without secrets."""
    fields = kind.Settings.model_fields
    given = {}
    for key, value in table.items():
        if key in fields and not is_secret(fields[key]):
            try:
                given[key] = resolve(value, folder=path.parent, secret=False, optional=False)
            except ValueError as error:
                raise ConfigError(f"{path}: channels.{channel}.{key} {error}") from error
    return given


async def connect(house: House, plan: Plan, wanted: Wanted, dialogue: Dialogue) -> Connected:
    """Connect the channel. Raise `LoginError`, `VaultError` or `StoreError`, and nothing was changed."""
    ways = plan.kind.logins()
    way = await _way(ways, wanted.way, dialogue)
    made = await _key(house)
    asked_at, login, choices = await _heard_out(house, ways[way], plan, wanted, dialogue)
    choice = await _chosen(choices, plan, dialogue)
    account = await _verify(house.client, plan, choice)
    if not choice.account.id:
        choice = replace(choice, account=account)
    credential = given_at(
        asked_at,
        choice.grant,
        known=Credential(
            channel=plan.channel,
            envelope="",
            revision=0,
            way=way,
            account_id=choice.account.id,
            account_name=choice.account.name,
            scopes="",
            renewable=login.renews and bool(choice.grant.refresh_token),
            connected=asked_at,
            obtained=asked_at,
            expires=None,
            renewable_until=None,
        ),
    )
    await house.database.write(
        _keep,
        credential,
        lambda: sealed(house, plan.channel, login.app, choice.grant),
        account.learnt,
        wanted.made_by,
    )
    fields = plan.kind.Settings.model_fields
    keys = {"adapter": plan.adapter, **choice.settings}
    return Connected(
        choice=choice,
        ends=policy.ends(credential.life),
        renewable=credential.renewable,
        lacks=missing(plan.table, keys),
        is_new=plan.table is None,
        shadowed=[key for key in plan.table or () if key in fields and is_secret(fields[key])],
        key_file=made,
    )


def _keep(tx: Tx, credential: Credential, seal: Callable[[], str], said: Learnt, made_by: str) -> None:
    """Keep the credential, and what its server says of itself; let the channel go on where it stopped."""
    credentials.keep(tx, credential, seal)
    if said != Learnt():
        learnt.keep(tx, credential.channel, said, now=credential.connected)
    channels.reopen(tx, credential.channel)
    detail = f"{credential.account_name or credential.account_id} by {credential.way}"
    decisions.record(
        tx, "connect", made_by=made_by, channel=credential.channel, detail=detail, now=credential.connected
    )


async def _heard_out(
    house: House, kind: type[Login], plan: Plan, wanted: Wanted, dialogue: Dialogue
) -> tuple[datetime, Login, Sequence[Choice]]:
    """Lead the person to a credential; return when it was asked for, by what login, and its choices."""
    if issubclass(kind, TypedLogin):
        return await _typed(house, kind, plan, dialogue)
    if not issubclass(kind, ConsentLogin):
        raise LoginError(
            f"{plan.adapter} names a way of connecting that this crosspost does not know; update it"
        )
    known = await _known_app(house, plan.channel)
    redirect = _redirect(known[1] if known else "", wanted)
    login = await _prepared(house, kind, plan, known[0] if known else None, redirect, dialogue)
    await house.database.write(
        credentials.keep_app, plan.channel, redirect, lambda: _sealed_app(house, plan, login.app)
    )
    asked_at, grant = await _granted(house, login, redirect, wanted, dialogue)
    return asked_at, login, await _heard(login.choices(grant), login)


async def _typed(
    house: House, kind: type[TypedLogin], plan: Plan, dialogue: Dialogue
) -> tuple[datetime, Login, Sequence[Choice]]:
    """Ask for what a person types."""
    _say_steps(kind, plan, dialogue, redirect="")
    answers: dict[str, str] = {}
    for question in kind.questions:
        known = plan.given.get(question.name, "")
        answer = str(known) or await dialogue.ask(question.label, hidden=question.hidden)
        if not answer:
            raise LoginError(f"{kind.network} needs a {question.label}; nothing was changed")
        if question.hidden:
            _admit_secret(answer, question.label)
        answers[question.name] = answer
    login, asked_at = kind(App(), house.client, plan.settings), house.now()
    return asked_at, login, await _heard(login.choices(answers), login)


async def _way(ways: Mapping[str, type[Login]], wanted: str | None, dialogue: Dialogue) -> str:
    if wanted is not None and wanted not in ways:
        raise LoginError(f"there is no way {wanted!r} to connect it; there are: {', '.join(ways)}")
    if wanted is not None or len(ways) == 1:
        return wanted or next(iter(ways))
    options = [f"{name}: {login.title}" for name, login in ways.items()]
    return list(ways)[await dialogue.choose("Connect how?", options)]


async def _key(house: House) -> Path | None:
    """Make the first key, if nothing was ever sealed."""
    return house.wing(Accounts).vault.make_key() if await house.database.read(credentials.is_empty) else None


async def _known_app(house: House, channel: str) -> tuple[App, str] | None:
    """Return the application that the channel was connected with before, and its redirect address."""
    found = await house.database.read(credentials.load_app, channel)
    if found is None:
        return None
    app: Any = house.wing(Accounts).vault.open(found[0], app_row(channel))
    return App(id=app["id"], secret=app["secret"]), found[1]


def _sealed_app(house: House, plan: Plan, app: App) -> str:
    return house.wing(Accounts).vault.seal({"id": app.id, "secret": app.secret}, app_row(plan.channel))


def _redirect(known: str, wanted: Wanted) -> str:
    """Return the address to come back to: as registered before, unless another is wanted."""
    if wanted.redirect:
        return wanted.redirect
    if wanted.port is not None and urlsplit(known).port != wanted.port:
        return new_address(wanted.port)
    return known or new_address(wanted.port)


async def _prepared(
    house: House, kind: type[ConsentLogin], plan: Plan, known: App | None, redirect: str, dialogue: Dialogue
) -> ConsentLogin:
    """Get the application that asks for the right, from wherever it comes."""
    _say_steps(kind, plan, dialogue, redirect=redirect)
    match kind.application:
        case Application.ASKED:
            app = await _asked_app(kind, known, dialogue)
        case Application.REGISTERED:
            login = kind(App(), house.client, plan.settings)
            app = known or await _heard(login.register(redirect), login)
        case Application.NONE:
            app = App()
    return kind(app, house.client, plan.settings)


def _say_steps(kind: type[Login], plan: Plan, dialogue: Dialogue, *, redirect: str) -> None:
    """Say what a person does at the network first."""
    dialogue.say(f"Connecting {plan.channel} to {kind.network}.\n")
    for number, step in enumerate(kind.steps, 1):
        dialogue.say(f"{number}. {step.format(redirect=redirect, scopes=' '.join(kind.scopes))}")
    dialogue.say("")


async def _asked_app(kind: type[ConsentLogin], known: App | None, dialogue: Dialogue) -> App:
    """Ask for the two strings of the application that a person registered at the network."""
    public, private = kind.asks
    app_id = await dialogue.ask(public.capitalize(), default=known.id if known else "")
    same = known is not None and known.id == app_id
    hint = (
        f"{private.capitalize()}{' (empty: as before)' if same else '' if kind.needs_secret else ' (if any)'}"
    )
    secret = await dialogue.ask(hint, hidden=True) or (known.secret if known and same else "")
    if not app_id or (kind.needs_secret and not secret):
        raise LoginError(f"{kind.network} needs a {public} and a {private}; nothing was changed")
    _admit_secret(app_id + secret, f"{public} or the {private}")
    learn(secret)
    return App(id=app_id, secret=secret)


def _admit_secret(typed: str, what: str) -> None:
    """Raise `LoginError` for what no network gives: most often something was pasted along with it."""
    if not typed.isascii() or not typed.isprintable() or " " in typed:
        raise LoginError(f"the {what} holds a character that it cannot have; copy it anew")
    learn(typed)


async def _granted(
    house: House, login: ConsentLogin, redirect: str, wanted: Wanted, dialogue: Dialogue
) -> tuple[datetime, Grant]:
    """Put the question, wait for the answer, and exchange it; return when that was asked for."""
    by_hand = wanted.paste or login.by_pin or urlsplit(redirect).hostname != HOST
    async with AsyncExitStack() as stack:
        callback = None if by_hand else await stack.enter_async_context(listening(redirect))
        consent = await _heard(login.ask(redirect), login)
        dialogue.open(consent.url)
        if callback is None:
            code = await _code_by_hand(login, consent, dialogue)
        else:
            dialogue.say(f"Waiting for the answer on {redirect} ...")
            answer = await callback.wait(PATIENCE)
            code = login.read(consent, answer)
    asked_at = house.now()
    return asked_at, await _heard(login.exchange(consent, code), login)


async def _code_by_hand(login: ConsentLogin, consent: Consent, dialogue: Dialogue) -> str:
    if login.by_pin:
        pin = await dialogue.ask(f"The PIN that {login.network} shows", hidden=True)
        learn(pin)
        return pin.strip()
    dialogue.say("When the browser cannot show the page it is sent to, that is as it should be.")
    return login.read(consent, pasted(await dialogue.ask("The whole address it ended on", hidden=True)))


async def _heard(call: Any, login: Login) -> Any:
    """Await a call of a login; say of what the network's failure means that nothing was changed."""
    try:
        return await call
    except PublishError as error:
        raise LoginError(f"{error}; nothing was changed; run crosspost connect again") from error
    except ODD as error:
        says = f"{login.network} gave an odd answer ({type(error).__name__}: {error})"
        raise LoginError(f"{says}; nothing was changed; run crosspost connect again") from error


async def _chosen(choices: Sequence[Choice], plan: Plan, dialogue: Dialogue) -> Choice:
    """Return the choice that the configuration names, or let the person choose."""
    for key in choices[0].settings:
        if plan.table is not None and key in plan.table:
            named = str(getattr(plan.settings, key))
            found = [choice for choice in choices if choice.settings[key] == named]
            if not found:
                theirs = ", ".join(f"{choice.settings[key]} ({choice.account.name})" for choice in choices)
                raise LoginError(
                    f"this is the wrong account: channels.{plan.channel}.{key} is {named}, and it may act for "
                    f"{theirs}; nothing was changed; log in there as somebody else, or change {key}"
                )
            return found[0]
    if len(choices) == 1:
        return choices[0]
    options = [f"{choice.account.name} ({choice.account.id})" for choice in choices]
    return choices[await dialogue.choose("Which one?", options)]


async def _verify(client: Client, plan: Plan, choice: Choice) -> Account:
    """Let the adapter itself say whose credential this is, with the settings it will have."""
    secrets = {name: SecretStr(value) for name, value in choice.grant.secrets.items()}
    settings = plan.kind.Settings.model_validate({**plan.given, **choice.settings, **secrets})
    adapter = plan.kind.open(settings, client)
    try:
        if isinstance(adapter, LogsIn):
            await adapter.log_in()
        return await adapter.verify()
    except CrosspostError as error:
        raise LoginError(f"the new credential does not work: {error}; nothing was changed") from error
