"""Read one page that a person named, as an entry."""

from http import HTTPStatus

from crosspost.config import Config
from crosspost.errors import FeedError, FetchRefused
from crosspost.feeds.address import host, same_server, whole_page, without_user
from crosspost.feeds.document import PAGE, Changed, Item, Validators
from crosspost.feeds.parse import parse
from crosspost.http import Client

_MOST = 5_000_000
_PAGES = ("text/html", "application/xhtml+xml")


async def read_page(client: Client, config: Config, url: str) -> Item:
    """Read a page, wherever within it the address leads.

    Raise `FeedError` with what a person can do, for one that cannot be announced too.
    """
    url, where = whole_page(url), f"the page at {host(url)}"
    changed = await _fetched(client, url, where, allow_private=_may_be_private(config, url))
    document = await parse(changed, feed=PAGE)
    if not document.items:
        raise FeedError("; ".join(document.skipped) or f"{where} says nothing that could be announced")
    return document.items[0]


def _may_be_private(config: Config, url: str) -> bool:
    """Tell whether a page may lie in a private network: where some feed does, or names its pictures."""
    return any(feed.allow_private or same_server(feed.url, url) for feed in config.feeds.values())


async def _fetched(client: Client, url: str, where: str, *, allow_private: bool) -> Changed:
    headers = {"accept": "text/html, application/xhtml+xml, */*;q=0.1"}
    try:
        answer = await client.fetch(
            url, headers=headers, max_raw=_MOST, max_body=_MOST, allow_private=allow_private
        )
    except FetchRefused as error:
        raise FeedError(f"{where} could not be fetched: {error}") from error
    except ValueError as error:
        raise FeedError(f"{where} could not be fetched: the address is not valid") from error
    if not answer.ok:
        raise FeedError(f"{where} could not be read: it answered {_named(answer.status)}")
    content_type = answer.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind and kind not in _PAGES:
        raise FeedError(f"{where} is no page but {kind}; give the address of a page that readers open")
    if not answer.body.strip():
        raise FeedError(f"{where} is empty; give the address of a page that readers open")
    if "noindex" in answer.headers.get("x-robots-tag", "").lower():
        raise FeedError(f"{where} asks not to be found (X-Robots-Tag: noindex), so it is not announced")
    return Changed(
        validators=Validators(),
        body=answer.body,
        content_type=content_type,
        url=whole_page(without_user(answer.url)),
    )


def _named(status: int) -> str:
    says = {
        HTTPStatus.NOT_FOUND: "there is no such page; check the address",
        HTTPStatus.GONE: "the page is gone; check the address",
        HTTPStatus.UNAUTHORIZED: "it is not for everybody; announce a page that everybody can read",
        HTTPStatus.FORBIDDEN: "it is not for everybody; announce a page that everybody can read",
        HTTPStatus.PAYMENT_REQUIRED: "it is only for those who pay; announce a page that everybody can read",
    }
    phrase = next((f" {known.phrase}" for known in HTTPStatus if known == status), "")
    return f"{status}{phrase}: {says.get(HTTPStatus(status), 'try again later')}" if phrase else str(status)
