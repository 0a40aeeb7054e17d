"""Find our own post among those an account shows."""

import unicodedata
from collections.abc import Iterable

from crosspost.model import Draft, RemotePost
from crosspost.text import canonical_link, unwrap


def recognise(draft: Draft, posts: Iterable[RemotePost]) -> RemotePost | None:
    """Return the post that says what `draft` says: by its link, in whatever form; else by its very words."""
    candidates = list(posts)
    wanted = canonical_link(draft.permalink)
    for post in candidates:
        if any(canonical_link(unwrap(link)) == wanted for link in post.links):
            return post
    words = _bare(draft.text.replace(draft.link, ""))
    for post in candidates:
        if words and _bare(post.text) == words:
            return post
    return None


def _bare(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
