"""Messages as they arrive: at a real mail server, and at web services over sockets."""

import json
from collections.abc import AsyncIterator
from email.header import decode_header, make_header
from typing import Any

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crosspost import redact
from crosspost.config.notify import Apprise, Gotify, Ntfy, Webhook
from crosspost.errors import NotifyError
from crosspost.http.wire import HttpxClient
from crosspost.notify import services
from crosspost.policy import Link, Message, Need, message_of
from crosspost.sandbox.server import serve
from tests.notify.mails import Box, Page, account

MESSAGE = Message(
    title="crosspost : 1 chose vous attend, « été »",
    text="channel x: « Été indien » n’est pas parti.\n\nVoyez crosspost status.",
    needs=(Need(topic="channel x", mark="1", text="channel x: « Été indien » n’est pas parti."),),
)

HELD = message_of(
    [
        Need(
            topic="held flood",
            mark="1",
            text="delivery 12 (linkedin: Été, <script>) held: many at once; crosspost approve 12",
            channel="linkedin",
            entry_id=3,
            title="Été, 🍂 <script>alert(1)</script> & Co.",
            link="https://blog.example/été/?a=1&b=2,3",
            remedies=("crosspost approve 12", "crosspost skip 12"),
            words="Il revient « chaque automne »,\net <b>personne</b> ne l’attend.",
            links=(
                Link("Open it on linkedin", "https://network.example/post/1"),
                Link("Run", "javascript:alert(1)"),
            ),
        )
    ],
    2,
)
"""A need as a stranger's feed may make it."""


async def test_a_mail_arrives_whole(mail: Box, client: HttpxClient) -> None:
    await services.email(account(mail), client, MESSAGE)
    (got,) = mail.mails
    assert got["Subject"] == MESSAGE.title
    assert got["To"] == "marie@blog.example, jean@blog.example"
    assert got["From"] == "crosspost@blog.example"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Message-ID"].endswith("@blog.example>")
    assert got["Date"]
    text, page = got.iter_parts()
    assert text.get_content().replace("\r\n", "\n").strip() == MESSAGE.text
    assert Page(page.get_content()).text == MESSAGE.text.replace("\n\n", "\n")


async def test_a_mail_has_something_to_hold_on_to(mail: Box, client: HttpxClient) -> None:
    await services.send("email", account(mail), client, HELD)
    (got,) = mail.mails
    assert (
        got["Subject"] == "crosspost: 1 waits for your yes: Été, 🍂 <script>alert(1)</script> & Co. (linkedin)"
    )
    assert got.get_content_type() == "multipart/alternative"
    plain, html = (part.get_content().replace("\r\n", "\n") for part in got.iter_parts())
    assert plain.splitlines()[0] == HELD.needs[0].text
    assert "    Il revient « chaque automne »,\n    et <b>personne</b> ne l’attend.\n" in plain
    assert "https://blog.example/été/?a=1&b=2,3" in plain
    assert "    crosspost skip 12\n" in plain
    assert plain.count("crosspost approve 12") == 1, "the sentence has it already"
    assert plain.rstrip().endswith("(1 that you know of: crosspost status)")
    page = Page(html)
    assert page.links == ["https://blog.example/été/?a=1&b=2,3", "https://network.example/post/1"]
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "b", "img", "link", "style", "form", "iframe"})
    assert "Il revient « chaque automne »,\net <b>personne</b> ne l’attend." in page.text
    assert "crosspost approve 12" in page.text.splitlines()
    assert ("html", {"lang": "en"}) in page.tags
    assert "color" not in html.replace('name="color-scheme"', ""), "night turns colours over"


@pytest.mark.parametrize(
    "title", ["Été\r\nBcc: all@blog.example", "a\nb", "a\0\x1b[31mb", "\u2028x", "x" * 5000]
)
async def test_no_title_breaks_out_of_its_header(mail: Box, client: HttpxClient, title: str) -> None:
    need = Need(topic="failed x", mark="1", text=f"{title} failed", title=title, channel="x")
    message = message_of([need], 1)
    await services.send("email", account(mail), client, message)
    (got,) = mail.mails
    assert got["Subject"] == message.title
    assert got["Bcc"] is None
    assert not set(got["Subject"]) & {"\r", "\n", "\0", "\x1b", "\u2028"}
    assert len(got["Subject"]) < 120


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
    assert headers["tags"] == "bell"
    assert "click" not in headers
    assert "actions" not in headers


async def test_ntfy_has_buttons(web: tuple[Web, str], client: HttpxClient) -> None:
    await services.send("ntfy", Ntfy.model_validate({"url": f"{web[1]}/t"}), client, HELD)
    ((_, headers, body),) = web[0].seen
    assert headers["click"] == "https://blog.example/%C3%A9t%C3%A9/?a=1&b=2,3"
    assert headers["actions"].isascii()
    assert json.loads(headers["actions"]) == [
        {"action": "view", "label": "Open the entry", "url": headers["click"]},
        {"action": "view", "label": "Open it on linkedin", "url": "https://network.example/post/1"},
    ]
    assert str(make_header(decode_header(headers["title"]))) == HELD.title
    assert "crosspost skip 12" in body.decode()


async def test_ntfy_gets_no_more_than_it_shows(web: tuple[Web, str], client: HttpxClient) -> None:
    """A longer text arrives as a file that has to be opened; more than three buttons are refused."""
    needs = [
        Need(
            topic=f"failed {number}",
            mark="1",
            text="très long, " * 40,
            title=f"Été {number}, le {'titre ' * 20}",
            link=f"https://blog.example/{number}/" + "x" * (2000 if number == 1 else 0),
        )
        for number in range(30)
    ]
    await services.send("ntfy", Ntfy.model_validate({"url": f"{web[1]}/t"}), client, message_of(needs, 30))
    ((_, headers, body),) = web[0].seen
    assert 2000 < len(body) <= 4096
    assert body.decode().endswith("…")
    labels = [action["label"] for action in json.loads(headers["actions"])]
    assert labels == ["Été 0, le titre titre titre…", "Été 2, le titre titre titre…"], "one each, by its entry"


async def test_gotify(web: tuple[Web, str], client: HttpxClient) -> None:
    await services.gotify(
        Gotify.model_validate({"url": f"{web[1]}/", "token": "A_secret"}), HttpxClient(), MESSAGE
    )
    ((path, headers, body),) = web[0].seen
    assert path == "/message"
    assert headers["x-gotify-key"] == "A_secret"
    found = json.loads(body)
    assert found.pop("extras") == {"client::display": {"contentType": "text/plain"}}
    assert found == {"title": MESSAGE.title, "message": MESSAGE.text, "priority": 5}


async def test_a_touch_on_gotifys_notification_opens_the_entry(
    web: tuple[Web, str], client: HttpxClient
) -> None:
    service = Gotify.model_validate({"url": web[1], "token": "A_secret"})
    await services.send("gotify", service, client, HELD)
    extras = json.loads(web[0].seen[0][2])["extras"]
    assert extras["client::notification"]["click"]["url"] == HELD.needs[0].link
    assert extras["client::display"]["contentType"] == "text/plain", "Markdown would fetch strangers' pictures"


async def test_a_webhook(web: tuple[Web, str], client: HttpxClient) -> None:
    await services.webhook(Webhook.model_validate({"url": f"{web[1]}/hook?a=1"}), client, MESSAGE)
    ((path, headers, body),) = web[0].seen
    assert path == "/hook"
    assert "authorization" not in headers
    found = json.loads(body)
    (need,) = found["needs"]
    assert (need["topic"], need["text"]) == ("channel x", MESSAGE.needs[0].text)
    assert found["text"] == MESSAGE.text


async def test_a_webhook_gets_all_of_it_as_data(web: tuple[Web, str], client: HttpxClient) -> None:
    await services.send("webhook", Webhook.model_validate({"url": web[1]}), client, HELD)
    found = json.loads(web[0].seen[0][2])
    (need,) = found["needs"]
    assert found["kind"] == "needs"
    assert need["commands"] == ["crosspost approve 12", "crosspost skip 12"]
    assert (need["channel"], need["entry_id"], need["title"]) == ("linkedin", 3, HELD.needs[0].title)
    assert (need["link"], need["words"]) == (HELD.needs[0].link, HELD.needs[0].words)


@pytest.mark.parametrize("name", ["email", "ntfy", "gotify", "webhook"])
async def test_no_secret_is_in_a_message(
    web: tuple[Web, str], mail: Box, client: HttpxClient, name: str
) -> None:
    redact.remember("canary-in-a-title")
    need = Need(
        topic="failed x",
        mark="1",
        text="failed with canary-in-a-title",
        title="canary-in-a-title",
        words="canary-in-a-title",
        link="https://blog.example/?token=canary-in-a-title",
    )
    service: Any = {
        "email": account(mail),
        "ntfy": Ntfy.model_validate({"url": f"{web[1]}/t"}),
        "gotify": Gotify.model_validate({"url": web[1], "token": "A_secret"}),
        "webhook": Webhook.model_validate({"url": web[1]}),
    }[name]
    await services.send(name, service, client, message_of([need], 1))
    arrived = [str(headers) + body.decode() for _, headers, body in web[0].seen]
    arrived += [
        str(one["Subject"]) + "".join(part.get_content() for part in one.iter_parts()) for one in mail.mails
    ]
    assert len(arrived) == 1
    assert "canary" not in arrived[0]
    assert redact.MASK in arrived[0]


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
