"""From what an author wrote to an entry, or to a sentence that says why not. Runs in the child process only."""

import re
from dataclasses import replace

from crosspost.feeds.address import absolute, in_folder, web_base
from crosspost.feeds.categories import categories
from crosspost.feeds.dates import Dated, Dates
from crosspost.feeds.document import Document
from crosspost.feeds.identity import Candidate, recognise, revision
from crosspost.feeds.people import names
from crosspost.feeds.raw import RawFeed, RawItem, RawPicture
from crosspost.feeds.words import content
from crosspost.feeds.words.excerpt import excerpt, protected
from crosspost.feeds.words.kind import as_meant
from crosspost.feeds.words.line import line
from crosspost.feeds.words.title import own_title, without_blog
from crosspost.model import Entry, Picture
from crosspost.text import canonical_link, tidy

MOST_ITEMS = 2_000
_LONGEST_ALT = 1_500
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_ICON = 50  # pixels; what claims to be smaller is a tracker, an emoji or a button
# The faces of authors, emoji and counters: pictures, but none of the entry.
_NO_PICTURE_OF_IT = re.compile(
    r"//[^/]*(?:gravatar\.com/avatar|pixel\.wp\.com|stats\.wordpress\.com|feeds\.feedburner\.com/~)|/emoji/",
    re.IGNORECASE,
)


def document(raw: RawFeed, *, feed: str, url: str) -> Document:
    """Make a feed's entries; `url` is where the document came from. What cannot be announced is told."""
    home = absolute(raw.link, web_base(url))
    base = web_base(home, url) if raw.links_from_home else web_base(url, home)
    candidates: list[Candidate] = []
    skipped: list[str] = []
    items = raw.items[:MOST_ITEMS]
    dates = Dates.of((item.published, item.updated) for item in items)
    blog = line(raw.title)
    titles = without_blog([line(item.title) for item in items], blog)
    for item, title in zip(items, titles, strict=True):
        dated = dates.dated(item.published, item.updated)
        made = _entry(item, title, dated, feed=feed, base=base, url=url, language=raw.language)
        if isinstance(made, str):
            skipped.append(made)
        else:
            candidates.append(made)
    known, nameless = recognise(candidates, (home, web_base(url)))
    skipped += [
        f"{_named(entry.title)} cannot be told from the others: it has no id, link or date of its own"
        for entry in nameless
    ]
    if len(raw.items) > MOST_ITEMS:
        skipped.append(f"only the first {MOST_ITEMS:,} of {len(raw.items):,} entries were read")
    return Document(
        title=blog,
        link=home,
        language=_language(raw.language),
        items=tuple(known),
        skipped=tuple(skipped),
        whole=raw.whole,
    )


def _entry(
    item: RawItem, title: str, dated: Dated, *, feed: str, base: str, url: str, language: str
) -> Candidate | str:
    permalink = absolute(item.link, base)
    if not permalink:
        return f"{_named(title)} has no link to a page of its own, so there is nothing to announce"
    written, shortly = as_meant(item.content), as_meant(item.summary)
    said = content.read(written if written.value.strip() else shortly, permalink)
    summary = (
        protected(item.content.value)
        or protected(item.summary.value)
        or excerpt(content.summary(shortly), said.text, title)
    )
    if not title and not summary:
        return f"the entry {permalink} has neither a title nor a text"
    entry = Entry(
        feed=feed,
        title=own_title(title, said.text or summary),
        permalink=permalink,
        summary=summary,
        content=said.html,
        authors=names(item.authors),
        categories=categories(item.categories),
        published=dated.published,
        updated=dated.updated,
        language=_language(item.language) or _language(language),
        picture=_picture(item.pictures, said.pictures, base=base, permalink=permalink, url=url),
    )
    text = said.text or summary
    return Candidate(
        entry=replace(entry, revision=revision(entry, text)),
        guid=item.guid,
        text=text,
        odd_date=dated.odd_date,
        unread_date=dated.unread_date,
    )


def _named(title: str) -> str:
    return f"the entry “{title[:80]}”" if title else "an entry without a title"


def _language(tag: str) -> str:
    tag = tag.strip().replace("_", "-")
    return tag if len(tag) <= 35 and _LANGUAGE.fullmatch(tag) else ""


def _picture(
    named: tuple[RawPicture, ...],
    in_content: tuple[RawPicture, ...],
    *,
    base: str,
    permalink: str,
    url: str,
) -> Picture | None:
    """Choose the first picture worth showing: those named for the purpose before those in the text."""
    shown = [(there, picture) for picture in in_content if (there := _located(picture, permalink, url))]
    for there, picture in [
        (_located(picture, picture.base or base, url), picture) for picture in named
    ] + shown:
        if there and not _is_ornament(picture):
            # The picture on top is often in the text again, and only there described.
            alt = picture.alt or next(
                (
                    twin.alt
                    for where, twin in shown
                    if twin.alt and canonical_link(where) == canonical_link(there)
                ),
                "",
            )
            return Picture(url=there, alt=tidy(alt)[:_LONGEST_ALT])
    return None


def _located(picture: RawPicture, base: str, url: str) -> str:
    return in_folder(picture.url, url) or absolute(picture.url, base)


def _is_ornament(picture: RawPicture) -> bool:
    sides = (side for side in (picture.width, picture.height) if side is not None)
    return any(side < _ICON for side in sides) or bool(_NO_PICTURE_OF_IT.search(picture.url))
