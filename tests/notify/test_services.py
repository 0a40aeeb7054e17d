"""Messages as they arrive: at a real mail server, and at web services over sockets."""

import asyncio
import json
import warnings
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from typing import Any

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crosspost.config.notify import Apprise, Email, Gotify, Ntfy, Webhook
from crosspost.errors import NotifyError
from crosspost.http.wire import HttpxClient
from crosspost.notify import services
from crosspost.policy import Message, Need
from crosspost.sandbox.server import serve

MESSAGE = Message(
    title="crosspost : 1 chose vous attend, « été »",
    text="channel x: « Été indien » n’est pas parti.\n\nVoyez crosspost status.",
    needs=(Need(topic="channel x", mark="1", text="channel x: « Été indien » n’est pas parti."),),
)


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


@pytest_asyncio.fixture
async def mail() -> AsyncIterator[Box]:
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


async def test_a_mail_arrives_whole(mail: Box, client: HttpxClient) -> None:
    await services.email(account(mail), client, MESSAGE)
    (got,) = mail.mails
    assert got["Subject"] == MESSAGE.title
    assert got["To"] == "marie@blog.example, jean@blog.example"
    assert got["From"] == "crosspost@blog.example"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Message-ID"].endswith("@blog.example>")
    assert got["Date"]
    assert got.get_content().replace("\r\n", "\n").strip() == MESSAGE.text


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"password": "wrong-password"}, "did not take the mail"),
        ({"to": "nobody@blog.example"}, "no such user"),
        ({"to": ["marie@blog.example", "nobody@blog.example"]}, "nobody@blog.example"),
        ({"tls": "starttls"}, "did not take the mail"),
        ({"port": 1}, "did not take the mail"),
    ],
)
async def test_a_mail_that_was_not_taken_is_said(
    mail: Box, more: dict[str, Any], says: str, client: HttpxClient
) -> None:
    with pytest.raises(NotifyError, match=says) as caught:
        await services.email(account(mail, **more), client, MESSAGE)
    assert "canary" not in str(caught.value)


@pytest_asyncio.fixture
async def client() -> AsyncIterator[HttpxClient]:
    client = HttpxClient()
    yield client
    await client.aclose()


class Web:
    """Remembers what was posted."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 200
        self.app = Starlette(routes=[Route("/{path:path}", self.take, methods=["GET", "POST"])])

    async def take(self, request: Request) -> Response:
        self.seen.append((request.url.path, dict(request.headers), await request.body()))
        return Response(b'{"id": 1}', self.status)


@pytest_asyncio.fixture
async def web() -> AsyncIterator[tuple[Web, str]]:
    web = Web()
    async with serve(web.app) as url:
        yield web, url


async def test_ntfy(web: tuple[Web, str], client: HttpxClient) -> None:
    service = Ntfy.model_validate({"url": f"{web[1]}/my-topic", "token": "tk_secret", "priority": 4})
    await services.ntfy(service, client, MESSAGE)
    ((path, headers, body),) = web[0].seen
    assert path == "/my-topic"
    assert body.decode() == MESSAGE.text
    assert headers["authorization"] == "Bearer tk_secret"
    assert headers["priority"] == "4"
    assert str(make_header(decode_header(headers["title"]))) == MESSAGE.title


async def test_gotify(web: tuple[Web, str], client: HttpxClient) -> None:
    await services.gotify(
        Gotify.model_validate({"url": f"{web[1]}/", "token": "A_secret"}), HttpxClient(), MESSAGE
    )
    ((path, headers, body),) = web[0].seen
    assert path == "/message"
    assert headers["x-gotify-key"] == "A_secret"
    assert json.loads(body) == {"title": MESSAGE.title, "message": MESSAGE.text, "priority": 5}


async def test_a_webhook(web: tuple[Web, str], client: HttpxClient) -> None:
    await services.webhook(Webhook.model_validate({"url": f"{web[1]}/hook?a=1"}), client, MESSAGE)
    ((path, headers, body),) = web[0].seen
    assert path == "/hook"
    assert "authorization" not in headers
    found = json.loads(body)
    assert found["needs"] == [{"topic": "channel x", "text": MESSAGE.needs[0].text}]
    assert found["text"] == MESSAGE.text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what Apprise imports
async def test_apprise(web: tuple[Web, str], client: HttpxClient) -> None:
    host = web[1].removeprefix("http://")
    await services.apprise(Apprise.model_validate({"urls": [f"json://{host}/hook"]}), client, MESSAGE)
    ((path, _, body),) = web[0].seen
    assert path == "/hook"
    assert json.loads(body)["title"] == MESSAGE.title
    with pytest.raises(NotifyError, match="does not know the address 1"):
        await services.apprise(Apprise.model_validate({"urls": ["nonsense"]}), client, MESSAGE)


async def test_a_service_that_refuses_is_said(web: tuple[Web, str], client: HttpxClient) -> None:
    web[0].status = 401
    service = Gotify.model_validate({"url": web[1], "token": "A_secret"})
    with pytest.raises(NotifyError, match="Gotify answered 401"):
        await services.gotify(service, client, MESSAGE)


async def test_a_service_that_is_not_there_is_said(client: HttpxClient) -> None:
    service = Webhook.model_validate({"url": "http://127.0.0.1:1/"})
    with pytest.raises(NotifyError, match="could not be reached"):
        await services.webhook(service, client, MESSAGE)
