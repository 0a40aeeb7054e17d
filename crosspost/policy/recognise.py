"""Find our own post among those an account shows."""

import unicodedata
from collections.abc import Collection, Iterable

from crosspost.model import Draft, RemotePost
from crosspost.text import canonical_link, unwrap


def recognise(draft: Draft, posts: Iterable[RemotePost], taken: Collection[str] = ()) -> RemotePost | None:
    """Return the post that says what `draft` says: by its link, in whatever form; else by its very words.

    `taken`: posts that are another delivery's receipt, and so are not this one's. Words speak only for a post
    without links: with another link, the same words announce another entry.
    """
    candidates = [post for post in posts if post.remote_id not in taken]
    wanted = canonical_link(draft.permalink)
    for post in candidates:
        if any(canonical_link(unwrap(link)) == wanted for link in post.links):
            return post
    words = _bare(draft.text.replace(draft.link, ""))
    for post in candidates:
        if words and not post.links and _bare(post.text) == words:
            return post
    return None


def _bare(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
