"""A real mail server, on a socket, and what its mails show."""

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from html.parser import HTMLParser
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from crosspost.config.notify import Email


class Box:
    """A mail server's handler: keeps what it takes, refuses one recipient."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.port = 0

    async def handle_RCPT(self, _s: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address.startswith("nobody@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (
        b"marie",
        b"canary-mail-password",
    )
    return AuthResult(success=good, handled=False)


@asynccontextmanager
async def a_mail_server() -> AsyncIterator[Box]:
    """Run a real mail server that takes mail from whoever logs in."""
    box, loop = Box(), asyncio.get_running_loop()

    def speaking() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it does not like passwords without TLS, and is right
            return SMTP(
                box,
                hostname="mail.example",
                authenticator=knows,
                auth_required=True,
                auth_require_tls=False,
                loop=loop,
            )

    server = await loop.create_server(speaking, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    yield box
    server.close()


def account(mail: Box, **more: Any) -> Email:
    given = {
        "host": "127.0.0.1",
        "port": mail.port,
        "tls": "none",
        "user": "marie",
        "password": "canary-mail-password",
        "sender": "crosspost@blog.example",
        "to": ["marie@blog.example", "jean@blog.example"],
    }
    return Email.model_validate(given | more)


class Page(HTMLParser):
    """What a mail program shows of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown: list[str] = []
        self.feed(html)
        self.text = "\n".join(line.strip() for line in self.shown if line.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] != "title":
            self.shown.append(data)

    @property
    def links(self) -> list[str | None]:
        return [attributes.get("href") for tag, attributes in self.tags if tag == "a"]
