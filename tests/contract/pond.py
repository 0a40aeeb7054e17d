"""An adapter of nobody's network, with every step that a network may want: installed as a plug-in is.

It logs in, uploads, asks whether the picture is ready, has limits that its server tells, and keys for an hour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pydantic import Field, SecretStr

from crosspost.contract import (
    AdapterSettings,
    Capabilities,
    HttpAdapter,
    Page,
    PictureRule,
    listed,
    named,
    whole_list,
)
from crosspost.contract.login import App, Application, Choice, Grant, Login, Question, TypedLogin
from crosspost.contract.oauth2 import OAuth2Login
from crosspost.errors import BadPicture, PublishError, Unauthorized
from crosspost.http import Answer, Client, Request, blames_picture, refusal
from crosspost.model import Account, Draft, Learnt, Media, Receipt, RemotePost
from crosspost.text import is_web_link


class PondSettings(AdapterSettings):
    base_url: str = Field(description="Where the pond is.")
    login_url: str = Field("", description="Where a person agrees.")
    user: str = Field("", description="Who swims there.")
    rounds: int = Field(3, description="A setting that is no text.")
    depth: int | None = Field(None, description="A setting that may be missing.")
    password: SecretStr = Field(description="The swimmer's.")


class Pond(HttpAdapter[PondSettings]):
    """Swim: nobody's network."""

    kind: ClassVar[str] = "pond"
    name: ClassVar[str] = "Pond"
    Settings: ClassVar[type[PondSettings]] = PondSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=500,
        template="{{ title }}\n\n{{ excerpt }}\n\n{{ link }}",
        repeatable_for=timedelta(hours=1),
        picture=PictureRule(max_bytes=1_000_000),
    )

    def __init__(self, settings: PondSettings, client: Any) -> None:
        super().__init__(settings, client)
        self._session = ""

    @classmethod
    def capabilities_for(cls, settings: PondSettings, learnt: Learnt) -> Capabilities:
        return replace(cls.capabilities, max_length=learnt.max_length or cls.capabilities.max_length)

    @classmethod
    def logins(cls) -> Mapping[str, type[Login]]:
        return {"password": ByPassword, "registered": Registered, "open": Open}

    def _to(self, path: str, method: str = "GET", **parts: Any) -> Request:
        return Request(method=method, url=f"{self.settings.base_url}/{path}", **parts)

    async def log_in(self, *, anew: bool = False) -> None:
        if not self._session or anew:
            self._session = ""
            who = {"user": self.settings.user, "password": self.settings.password.get_secret_value()}
            self._session = (await self.call(self._to("session", "POST", json=who))).object()["session"]

    def signed(self, request: Request) -> Request:
        return request.with_headers({"authorization": f"Bearer {self._session}"}) if self._session else request

    async def verify(self) -> Account:
        answer = await self.call(self._to("pond"))
        said, who = answer.object(), named(answer.object().get("who"))
        if not who:
            raise self.meaning(answer)
        return Account(id=who, name=who, learnt=Learnt(max_length=said["max"]))

    async def upload(self, media: Media) -> Media:
        answer = await self.call(self._to("media", "POST", content=media.data))
        picture = named(answer.object().get("id"))
        if not picture:
            raise self.meaning(answer)
        return replace(media, remote_id=picture)

    async def is_ready(self, media: Media) -> bool:
        return bool((await self.call(self._to(f"media/{media.remote_id}"))).object()["ready"])

    def post(self, draft: Draft, key: str) -> Request:
        said = {"text": draft.text, "picture": "", "alt": ""}
        if draft.picture is not None:
            said |= {"picture": draft.picture.remote_id or "", "alt": draft.picture.alt}
        return self._to("posts", "POST", json=said, headers={"idempotency-key": key})

    def receipt(self, answer: Answer) -> Receipt:
        post_id = named(answer.object().get("id"))
        if not post_id:
            raise self.meaning(answer)
        return Receipt(remote_id=post_id, url=f"https://pond.example/{post_id}")

    def meaning(self, answer: Answer) -> PublishError:
        says = str(answer.object().get("error", ""))
        if answer.status == 401:
            return Unauthorized(says, stale=not answer.request.url.endswith("/session"))
        return BadPicture(says) if blames_picture(says) else refusal(answer, says)

    async def find_recent(self, since: datetime) -> Sequence[RemotePost]:
        return await whole_list(self._page, since, network=self.name)

    async def _page(self, cursor: str) -> Page:
        page = (await self.call(self._to("posts", params={"from": cursor} if cursor else {}))).object()
        return [_remote_post(post) for post in listed(page["posts"])], str(page.get("next") or "")


def _remote_post(post: Mapping[str, str]) -> RemotePost:
    text = post["text"]
    return RemotePost(
        remote_id=post["id"],
        url="",
        text=text,
        links=tuple(word for word in text.split() if is_web_link(word)),
        created=datetime.fromisoformat(post["at"]),
    )


class ByPassword(TypedLogin):
    network: ClassVar[str] = "Pond"
    title: ClassVar[str] = "a user name and an app password"
    steps: ClassVar[tuple[str, ...]] = ("Make an app password there.",)
    questions: ClassVar[tuple[Question, ...]] = (
        Question(name="user", label="User name"),
        Question(name="password", label="App password", hidden=True),
    )


class Registered(OAuth2Login):
    network: ClassVar[str] = "Pond"
    title: ClassVar[str] = "your consent, in the browser"
    application: ClassVar[Application] = Application.REGISTERED
    scopes: ClassVar[tuple[str, ...]] = ("post",)
    pkce: ClassVar[bool] = True

    @property
    def consent_url(self) -> str:
        return f"{self.settings.login_url}/authorize"

    @property
    def token_url(self) -> str:
        return f"{self.settings.login_url}/token"

    async def register(self, redirect: str) -> App:
        asked = Request(method="POST", url=f"{self.settings.login_url}/apps", json={"redirect": redirect})
        made = (await self.client.send(asked)).object()
        return App(id=made["id"], secret=made["secret"])

    async def choices(self, grant: Grant) -> Sequence[Choice]:
        given = replace(grant, secrets={"password": grant.secrets["access_token"]})
        return [Choice(account=Account(id="agreed", name="agreed"), settings={"user": "agreed"}, grant=given)]


class Open(Registered):
    """Connect at a server that registers no applications: all call themselves the same."""

    title: ClassVar[str] = "your consent, without an application"
    application: ClassVar[Application] = Application.NONE

    def __init__(self, app: App, client: Client, settings: Any) -> None:
        super().__init__(replace(app, id="http://localhost"), client, settings)
