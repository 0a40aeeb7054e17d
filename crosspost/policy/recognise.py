"""Find our own post among those an account shows."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from html import unescape

from crosspost.model import Draft, RemotePost
from crosspost.text import canonical_link, in_ascii, unwrap

_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# What may follow a link in a sentence, and may also be its end.
_AFTER = ".,;:!?'’”»)]}"


def recognise(draft: Draft, posts: Iterable[RemotePost], taken: Collection[str] = ()) -> RemotePost | None:
    """Return the post that says what `draft` says: by its link, in whatever form; else by its very words.

    `taken`: posts that are another delivery's receipt, and so are not this one's. A post's own links, such as
    its card, speak before those in its text, where an entry may mention another. Words speak only for a post
    without links: with another link, the same words announce another entry.
    """
    candidates = [post for post in posts if post.remote_id not in taken]
    wanted = {_page(draft.permalink), _page(draft.link)} - {""}
    for links_of in (_own_links, _links_in_text):
        for post in candidates:
            if any(_page(unwrap(link)) in wanted for link in links_of(post)):
                return post
    words = _words(draft.text.replace(draft.link, ""))
    for post in candidates:
        if words and not post.links and not _LINK.search(post.text) and _words(post.text) == words:
            return post
    return None


def _page(link: str) -> str:
    """Return what identifies a page, whether a network shows its address in ASCII or not."""
    return canonical_link(in_ascii(link))


def _own_links(post: RemotePost) -> Iterable[str]:
    return post.links


def _links_in_text(post: RemotePost) -> Iterator[str]:
    """Yield what may be a link in the text: escaped or not, with and without the punctuation after it.

    Not without an ellipsis: what was cut may have been another entry's.
    """
    for text in (post.text, unescape(post.text)):
        for link in _LINK.findall(text):
            yield link
            while link[-1] in _AFTER and not link.endswith(".."):
                link = link[:-1]
                yield link


def _words(text: str) -> str:
    """Return the words alone: without escapes, however often applied, and in one Unicode form and spacing."""
    while (plain := unescape(text)) != text:
        text = plain
    return " ".join(unicodedata.normalize("NFC", text).split())
