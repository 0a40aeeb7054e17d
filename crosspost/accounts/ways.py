"""The ways to a credential: typed, or agreed to in the browser. What is asked and shown is a `Dialogue`'s."""

from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from crosspost.accounts.callback import OURS, listening, new_address, pasted, see_free
from crosspost.accounts.planned import Plan, Wanted
from crosspost.accounts.wing import Accounts
from crosspost.config.secrets import tidied
from crosspost.contract import ODD
from crosspost.contract.guide import guide
from crosspost.contract.login import App, Application, Choice, Consent, ConsentLogin, Grant, Login, TypedLogin
from crosspost.errors import LoginError, PublishError
from crosspost.house import House
from crosspost.redact import remember
from crosspost.store import credentials
from crosspost.store.credentials import app_row

T = TypeVar("T")

PATIENCE = timedelta(minutes=10)
"""How long a person has in the browser."""


class Dialogue(Protocol):
    """What is said to the person who connects, and asked of that person."""

    def say(self, text: str) -> None: ...

    async def ask(self, question: str, *, default: str = "", hidden: bool = False) -> str: ...

    async def choose(self, question: str, options: Sequence[str]) -> int: ...

    def open(self, url: str, *, comes_back: bool) -> None:
        """Open the browser there, and show the address in any case. `comes_back`: the answer does by itself."""
        ...


async def hear_out(
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
    redirect = _redirect(known[1] if known else "", wanted, kind.loopback)
    if not _by_hand(kind, redirect, wanted):
        see_free(redirect)
    if known is not None and known[1] != redirect and kind.application is Application.REGISTERED:
        known = None  # the server would not send anybody back to another address
    if kind.application is Application.ASKED and not kind.by_pin and (known is None or known[1] != redirect):
        # Before it is shown: whoever registers it at the network, and stops, finds the same one next time.
        await _keep_app(house, plan, known[0] if known else App(), redirect)
    login = await _login_with_app(house, kind, plan, known[0] if known else None, redirect, dialogue)
    if kind.application is not Application.NONE:
        await _keep_app(house, plan, login.app, redirect)
    asked_at, grant = await _granted(house, login, redirect, wanted, dialogue)
    return asked_at, login, await heard(login.choices(grant), login)


async def _typed(
    house: House, kind: type[TypedLogin], plan: Plan, dialogue: Dialogue
) -> tuple[datetime, Login, Sequence[Choice]]:
    """Ask for what a person types."""
    _say_steps(kind, plan, dialogue, redirect="")
    answers: dict[str, str] = {}
    for question in kind.questions:
        known = plan.given.get(question.name, "")
        answer = str(known) or tidied(await dialogue.ask(question.label, hidden=question.hidden))
        if not answer:
            raise LoginError(f"{kind.network} needs a {question.label}; nothing was changed")
        if question.hidden:
            remember(answer)
            if not answer.isprintable():
                raise LoginError(f"the {question.label} holds a character that it cannot have; copy it anew")
        answers[question.name] = answer
    login, asked_at = kind(App(), house.client, plan.settings), house.now()
    return asked_at, login, await heard(login.choices(answers), login)


async def _known_app(house: House, channel: str) -> tuple[App, str] | None:
    """Return the application that the channel was connected with before, and its redirect address."""
    kept = await house.database.read(credentials.load_app, channel)
    if kept is None:
        return None
    app: Any = house.wing(Accounts).vault.open(kept[0], app_row(channel))
    return App(id=app["id"], secret=app["secret"]), kept[1]


async def _keep_app(house: House, plan: Plan, app: App, redirect: str) -> None:
    """Keep the application and the redirect address for the next time."""

    def seal() -> str:
        return house.wing(Accounts).vault.seal({"id": app.id, "secret": app.secret}, app_row(plan.channel))

    await house.database.write(credentials.keep_app, plan.channel, redirect, seal)


def _by_hand(kind: type[ConsentLogin], redirect: str, wanted: Wanted) -> bool:
    """Tell whether a person brings the network's answer: it does not come to this machine by itself."""
    return wanted.paste or kind.by_pin or urlsplit(redirect).hostname not in OURS


def _redirect(known: str, wanted: Wanted, loopback: str) -> str:
    """Return the address to come back to: as registered before, unless somebody wants another."""
    if wanted.redirect:
        return wanted.redirect
    parts = urlsplit(known)
    is_refused = parts.hostname in OURS and parts.hostname != loopback
    if not known or is_refused or wanted.port not in (None, parts.port):
        return new_address(wanted.port, loopback)
    return known


async def _login_with_app(
    house: House, kind: type[ConsentLogin], plan: Plan, known: App | None, redirect: str, dialogue: Dialogue
) -> ConsentLogin:
    """Get the application that asks for the right, from wherever it comes."""
    _say_steps(kind, plan, dialogue, redirect=redirect)
    match kind.application:
        case Application.ASKED:
            app = await _asked_app(kind, known, dialogue)
        case Application.REGISTERED:
            login = kind(App(), house.client, plan.settings)
            app = known if known is not None and known.id else await heard(login.register(redirect), login)
        case Application.NONE:
            app = App()
    return kind(app, house.client, plan.settings)


def _say_steps(kind: type[Login], plan: Plan, dialogue: Dialogue, *, redirect: str) -> None:
    """Say what a person does at the network first."""
    dialogue.say(f"Connecting {plan.channel} to {kind.network}: {kind.title}.")
    if kind.needs:
        dialogue.say(f"It needs {kind.needs}.")
    if kind.terms:
        dialogue.say(f"Before you begin: {kind.terms}")
    if guide(plan.adapter) is not None:
        dialogue.say(
            f"What to click, what is refused and why, and what it costs: crosspost adapters {plan.adapter}"
        )
    dialogue.say("")
    for number, step in enumerate(kind.steps, 1):
        dialogue.say(f"{number}. {step.format(redirect=redirect, scopes=' '.join(kind.scopes))}")
    dialogue.say("")


async def _asked_app(kind: type[ConsentLogin], known: App | None, dialogue: Dialogue) -> App:
    """Ask for the two strings of the application that a person registered at the network."""
    public, private = kind.app_words
    app_id = tidied(await dialogue.ask(_label(public), default=known.id if known else ""))
    same = known is not None and known.id == app_id
    hint = " (empty: as before)" if same else ""
    if not kind.needs_secret and not same:
        hint = " (if any)"
    secret = tidied(await dialogue.ask(f"{_label(private)}{hint}", hidden=True))
    secret = secret or (known.secret if known and same else "")
    if not app_id or (kind.needs_secret and not secret):
        raise LoginError(f"{kind.network} needs both, {public} and {private}; nothing was changed")
    _check_typed(app_id, public)
    _check_typed(secret, private)
    remember(secret)
    return App(id=app_id, secret=secret)


def _label(words: str) -> str:
    """Begin with a capital, and leave the others as the network writes them."""
    return words[:1].upper() + words[1:]


def _check_typed(typed: str, what: str) -> None:
    """Raise `LoginError` for what no network gives: most often something was pasted along with it."""
    if not typed.isascii() or not typed.isprintable() or " " in typed:
        raise LoginError(f"the {what} holds a character that it cannot have; copy it anew")


async def _granted(
    house: House, login: ConsentLogin, redirect: str, wanted: Wanted, dialogue: Dialogue
) -> tuple[datetime, Grant]:
    """Put the question, wait for the answer, and exchange it; return when that was asked for."""
    by_hand = _by_hand(type(login), redirect, wanted)
    async with AsyncExitStack() as stack:
        callback = None if by_hand else await stack.enter_async_context(listening(redirect))
        consent = await heard(login.ask(redirect), login)
        dialogue.open(consent.url, comes_back=callback is not None)
        if callback is None:
            code = await _code_by_hand(login, consent, dialogue)
        else:
            dialogue.say(f"Waiting for the answer on {redirect} ...")
            answer = await callback.wait(PATIENCE)
            code = login.read(consent, answer)
    asked_at = house.now()
    return asked_at, await heard(login.exchange(consent, code), login)


async def _code_by_hand(login: ConsentLogin, consent: Consent, dialogue: Dialogue) -> str:
    """Ask for the answer. An address proves that it belongs to this question; a bare code cannot."""
    if login.by_pin:
        question = f"The PIN that {login.network} shows"
    else:
        dialogue.say("When the browser cannot show the page it is sent to, that is as it should be.")
        question = "The whole address it ended on"
    answer = pasted(await dialogue.ask(question, hidden=True))
    if not isinstance(answer, str):
        return login.read(consent, answer)
    code = answer.replace("-", "") if login.by_pin else answer
    if not code or not code.isascii() or not code.isprintable() or (login.by_pin and not code.isalnum()):
        what = "PIN" if login.by_pin else "code"
        raise LoginError(
            f"that is no {what} of {login.network}'s; nothing was changed; run crosspost connect again"
        )
    remember(code)
    return code


async def heard(call: Awaitable[T], login: Login) -> T:
    """Await a call of a login; say of what the network's failure means that nothing was changed."""
    try:
        return await call
    except PublishError as error:
        raise LoginError(f"{error}; nothing was changed; run crosspost connect again") from error
    except ODD as error:
        says = f"{login.network} gave an odd answer ({type(error).__name__}: {error})"
        raise LoginError(f"{says}; nothing was changed; run crosspost connect again") from error
