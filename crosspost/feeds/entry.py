"""From what an author wrote to an entry, or to a sentence that says why not. Runs in the child process only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crosspost.feeds import pictures
from crosspost.feeds.address import absolute, web_base
from crosspost.feeds.categories import categories
from crosspost.feeds.dates import Dated, Dates
from crosspost.feeds.document import Document
from crosspost.feeds.identity import Candidate, recognise, revision
from crosspost.feeds.people import names
from crosspost.feeds.raw import RawFeed, RawItem, RawPicture
from crosspost.feeds.words import content
from crosspost.feeds.words.excerpt import excerpt, protected
from crosspost.feeds.words.line import line
from crosspost.feeds.words.meant import as_meant
from crosspost.feeds.words.title import own_title, without_blog
from crosspost.model import Entry

MOST_ITEMS = 2_000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class _Gallery:
    """The pictures of an entry: those that the feed names for it, and those shown in its text."""

    named: tuple[RawPicture, ...]
    shown: tuple[RawPicture, ...]


def document(raw: RawFeed, *, feed: str, url: str, is_page: bool = False) -> Document:
    """Make a feed's entries; `url` is where the document came from. What cannot be announced is told.

    `is_page`: it is itself the one entry, so that its address tells which.
    """
    home = absolute(raw.link, web_base(url))
    base = web_base(home, url) if raw.links_from_home else web_base(url, home)
    candidates: list[Candidate] = []
    galleries: list[_Gallery] = []
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
            candidates.append(made[0])
            galleries.append(made[1])
    homes = () if is_page else (home, web_base(url))
    known, nameless = recognise(_illustrated(candidates, galleries), homes)
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
) -> tuple[Candidate, _Gallery] | str:
    permalink = absolute(item.link, base)
    if not permalink:
        return f"{_named(title)} has no link to a page of its own, so there is nothing to announce"
    spoken = _language(item.language) or _language(language)
    written, shortly = as_meant(item.content), as_meant(item.summary)
    has_content = bool(written.value.strip())
    said = content.read(written if has_content else shortly, permalink, title, spoken)
    tells_more = has_content and shortly.value.strip() and shortly.value != written.value
    told = content.summary(shortly, spoken) if tells_more else ""
    summary = (
        protected(item.content.value)
        or protected(item.summary.value)
        or excerpt(told, said.quotable, title, beginning=said.beginning, goes_on=said.goes_on)
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
        language=spoken,
    )
    text = said.text or summary
    gallery = _Gallery(
        named=pictures.located(item.pictures, base, url), shown=pictures.located(said.pictures, permalink, url)
    )
    candidate = Candidate(
        entry=replace(entry, revision=revision(entry, text)),
        guid=item.guid,
        text=text,
        odd_date=dated.odd_date,
        unread_date=dated.unread_date,
    )
    return candidate, gallery


def _illustrated(candidates: Sequence[Candidate], galleries: Sequence[_Gallery]) -> list[Candidate]:
    """Give each entry its picture: only now that all are read can be told what belongs to none of them."""
    of_site = pictures.everywhere(gallery.named + gallery.shown for gallery in galleries)
    return [
        replace(
            candidate,
            entry=replace(candidate.entry, picture=pictures.choose(gallery.named, gallery.shown, of_site)),
        )
        for candidate, gallery in zip(candidates, galleries, strict=True)
    ]


def _named(title: str) -> str:
    return f"the entry “{title[:80]}”" if title else "an entry without a title"


def _language(tag: str) -> str:
    tag = tag.strip().replace("_", "-")
    return tag if len(tag) <= 35 and _LANGUAGE.fullmatch(tag) else ""
