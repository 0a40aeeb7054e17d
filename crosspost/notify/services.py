"""How one message leaves, by each kind of service. They raise `NotifyError`."""

import logging
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from crosspost.config.notify import Apprise, Email, Gotify, Ntfy, Webhook
from crosspost.errors import NotifyError, PublishError
from crosspost.http import Client, Request
from crosspost.policy import Message

Send = Callable[[Any, Client, Message], Awaitable[None]]


async def ntfy(service: Ntfy, client: Client, message: Message) -> None:
    """Publish to the topic (docs.ntfy.sh/publish, read 2026-11): the text as the body, the rest in headers."""
    title = message.title
    if not title.isascii():
        title = f"=?UTF-8?B?{b64encode(title.encode()).decode()}?="  # RFC 2047, as ntfy reads it
    headers = {"title": title, "priority": str(service.priority)}
    if service.token:
        headers["authorization"] = f"Bearer {service.token.get_secret_value()}"
    await _post(client, "ntfy", service.url, headers=headers, content=message.text.encode())


async def gotify(service: Gotify, client: Client, message: Message) -> None:
    """Create a message (gotify.net/api-docs, read 2026-11)."""
    body = {"title": message.title, "message": message.text, "priority": service.priority}
    headers = {"x-gotify-key": service.token.get_secret_value()}
    await _post(client, "Gotify", f"{service.url.rstrip('/')}/message", headers=headers, json=body)


async def webhook(service: Webhook, client: Client, message: Message) -> None:
    """Post a message as JSON: its text, and what needs a person as data."""
    needs = [{"topic": need.topic, "text": need.text} for need in message.needs]
    body = {"title": message.title, "text": message.text, "needs": needs}
    headers = {"authorization": f"Bearer {service.token.get_secret_value()}"} if service.token else {}
    await _post(client, "the webhook", service.url, headers=headers, json=body)


async def email(service: Email, _client: Client, message: Message) -> None:
    """Send a mail that no other automaton answers (RFC 3834)."""
    import aiosmtplib  # late: most runs tell nobody

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = service.sender, ", ".join(service.to), message.title
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=service.sender.partition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{message.text}\n")
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
    if not await services.async_notify(title=message.title, body=message.text):
        raise NotifyError("Apprise could not tell everybody")


SENDS: dict[str, Send] = {
    "ntfy": ntfy,
    "gotify": gotify,
    "webhook": webhook,
    "email": email,
    "apprise": apprise,
}


async def _post(client: Client, name: str, url: str, **request: Any) -> None:
    try:
        answer = await client.send(Request(method="POST", url=url, **request))
    except PublishError as error:
        raise NotifyError(f"{name} was not told: {error}") from error
    if not answer.ok:
        said = re.sub(r"\s+", " ", answer.body.decode("utf-8", "replace"))[:200]
        raise NotifyError(f"{name} answered {answer.status}: {said}")
