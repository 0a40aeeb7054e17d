"""How one message leaves, by each kind of service. They raise `NotifyError`."""

import json
import logging
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import fields, is_dataclass, replace
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from enum import StrEnum
from typing import Any

from crosspost.config.notify import Apprise, Email, Gotify, Ntfy, Webhook
from crosspost.errors import NotifyError, PublishError
from crosspost.http import Client, Request
from crosspost.notify.html import page
from crosspost.policy import Link, Message, Need
from crosspost.policy.messages import Kind, Posted, links_of
from crosspost.redact import hide, without_controls
from crosspost.text import cut, in_ascii

Send = Callable[[Any, Client, Message], Awaitable[None]]


async def send(name: str, service: Any, client: Client, message: Message) -> None:
    """Send a message by the service of this name, with no secret and no control character in it."""
    await SENDS[name](service, client, _hidden(message))


async def ntfy(service: Ntfy, client: Client, message: Message) -> None:
    """Publish to the topic (docs.ntfy.sh/publish, read 2026-11): the text as the body, the rest in headers.

    Not as JSON to the server's root, which says the same: a proxy, or a token, may let only the topic through.
    So every header is ASCII: the title as RFC 2047, which ntfy reads in any of them, the buttons as JSON.
    """
    title = message.title
    if not title.isascii():
        title = f"=?UTF-8?B?{b64encode(title.encode()).decode()}?="
    headers = {"title": title, "priority": str(service.priority), "tags": _TAGS[message.kind]}
    links = [Link(link.label, in_ascii(link.url)) for link in links_of(message, _NTFY_ACTIONS)]
    links = [link for link in links if len(link.url) <= _NTFY_LONGEST_LINK]
    if links:
        headers["click"] = links[0].url
        actions = [{"action": "view", "label": link.label, "url": link.url} for link in links]
        headers["actions"] = json.dumps(actions)
    if service.token:
        headers["authorization"] = f"Bearer {service.token.get_secret_value()}"
    text = cut(message.text, lambda part: len(part.encode()) <= _NTFY_LONGEST)
    await _post(client, "ntfy", service.url, headers=headers, content=text.encode())


_NTFY_ACTIONS = 3
_NTFY_LONGEST = 4_000
"""Bytes of a text; what is longer than 4,096 arrives as a file that somebody has to open."""
_NTFY_LONGEST_LINK = 1_000
"""Characters; headers of more than some 8 kB in all are refused by the proxies before a server."""
_TAGS = {
    Kind.NEEDS: "bell",
    Kind.WELL: "white_check_mark",
    Kind.DELIVERED: "speech_balloon",
    Kind.DIGEST: "newspaper",
    Kind.TEST: "wave",
}
"""What ntfy shows as an emoji before the title."""


async def gotify(service: Gotify, client: Client, message: Message) -> None:
    """Create a message (gotify.net/api-docs and gotify.net/docs/msgextras, read 2026-11).

    As plain text, in which apps make links clickable: Markdown would fetch the pictures that strangers name in
    theirs. A touch on the notification opens the first link.
    """
    extras: dict[str, Any] = {"client::display": {"contentType": "text/plain"}}
    if links := links_of(message, 1):
        extras["client::notification"] = {"click": {"url": links[0].url}}
    body = {
        "title": message.title,
        "message": message.text,
        "priority": service.priority,
        "extras": extras,
    }
    headers = {"x-gotify-key": service.token.get_secret_value()}
    await _post(client, "Gotify", f"{service.url.rstrip('/')}/message", headers=headers, json=body)


async def webhook(service: Webhook, client: Client, message: Message) -> None:
    """Post a message as JSON: its text, and all that it tells as data."""
    body = {
        "kind": message.kind,
        "title": message.title,
        "text": message.text,
        "needs": [_need(need) for need in message.needs],
        "posts": [_posted(post) for post in message.posts],
    }
    headers = {"authorization": f"Bearer {service.token.get_secret_value()}"} if service.token else {}
    await _post(client, "the webhook", service.url, headers=headers, json=body)


def _need(need: Need) -> dict[str, Any]:
    return {
        "topic": need.topic,
        "text": need.text,
        "channel": need.channel,
        "entry_id": need.entry_id,
        "title": need.title,
        "link": need.link,
        "words": need.words,
        "count": need.count,
        "commands": list(need.remedies),
        "links": [{"label": link.label, "url": link.url} for link in need.links],
    }


def _posted(post: Posted) -> dict[str, Any]:
    return {
        "delivery_id": post.delivery_id,
        "channel": post.channel,
        "title": post.title,
        "link": post.link,
        "url": post.url,
        "at": post.at.isoformat(timespec="seconds"),
        "minutes": post.attention.total_seconds() / 60,
    }


async def email(service: Email, _client: Client, message: Message) -> None:
    """Send a mail, as text and as HTML, that no other automaton answers (RFC 3834)."""
    import aiosmtplib  # late: most runs tell nobody

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = service.sender, ", ".join(service.to), message.title
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=service.sender.partition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{message.text}\n")
    mail.add_alternative(page(message), subtype="html")
    try:
        refused, _ = await aiosmtplib.send(
            mail,
            hostname=service.host,
            port=service.port,
            use_tls=service.tls == "tls",
            start_tls=service.tls == "starttls",
            username=service.user,
            password=service.password.get_secret_value() if service.password else None,
            timeout=15,
        )
    except (aiosmtplib.SMTPException, OSError) as error:
        says = " ".join(str(error).split()) or type(error).__name__
        raise NotifyError(f"{service.host} did not take the mail: {says}") from error
    if refused:
        raise NotifyError(f"{service.host} did not take the mail for {', '.join(refused)}")


async def apprise(service: Apprise, _client: Client, message: Message) -> None:
    """Hand a message to Apprise."""
    try:
        from apprise import Apprise as Services
    except ImportError as error:
        raise NotifyError("Apprise is not there; install it: pip install 'crosspost[apprise]'") from error
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it logs addresses, and they are secrets
    services = Services()
    for number, url in enumerate(service.urls, 1):
        if not services.add(url.get_secret_value()):
            raise NotifyError(f"Apprise does not know the address {number} of notify.apprise.urls")
    if not await services.async_notify(title=message.title, body=message.text, body_format="text"):
        raise NotifyError("Apprise could not tell everybody")


SENDS: dict[str, Send] = {
    "ntfy": ntfy,
    "gotify": gotify,
    "webhook": webhook,
    "email": email,
    "apprise": apprise,
}


def _hidden(value: Any) -> Any:
    """Return a message, or a part of one, with known secrets masked and control characters dropped."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return without_controls(hide(value))
    if isinstance(value, tuple):
        return tuple(_hidden(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _hidden(getattr(value, field.name)) for field in fields(value)})
    return value


async def _post(client: Client, name: str, url: str, **request: Any) -> None:
    try:
        answer = await client.send(Request(method="POST", url=url, **request))
    except PublishError as error:
        raise NotifyError(f"{name} was not told: {error}") from error
    if not answer.ok:
        said = re.sub(r"\s+", " ", answer.body.decode("utf-8", "replace"))[:200]
        raise NotifyError(f"{name} answered {answer.status}: {said}")
