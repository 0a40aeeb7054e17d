"""From what an author wrote to an entry, or to a sentence that says why not. Runs in the child process only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crosspost.feeds import pictures
from crosspost.feeds.address import absolute, web_base
from crosspost.feeds.dates import moment, oddity, possible
from crosspost.feeds.document import Document
from crosspost.feeds.identity import Candidate, recognise, revision
from crosspost.feeds.raw import Markup, RawFeed, RawItem, RawPicture
from crosspost.feeds.words import content
from crosspost.feeds.words.line import line
from crosspost.model import Entry

MOST_ITEMS = 2_000
_MOST_CATEGORIES = 50
_LONGEST_CATEGORY = 100
_MOST_AUTHORS = 20
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class _Gallery:
    """The pictures of an entry: those that the feed names for it, and those shown in its text."""

    named: tuple[RawPicture, ...]
    shown: tuple[RawPicture, ...]


def document(raw: RawFeed, *, feed: str, url: str) -> Document:
    """Make a feed's entries; `url` is where the document came from. What cannot be announced is told."""
    home = absolute(raw.link, web_base(url))
    base = web_base(home, url) if raw.links_from_home else web_base(url, home)
    candidates: list[Candidate] = []
    galleries: list[_Gallery] = []
    skipped: list[str] = []
    for item in raw.items[:MOST_ITEMS]:
        made = _entry(item, feed=feed, base=base, url=url, language=raw.language)
        if isinstance(made, str):
            skipped.append(made)
        else:
            candidates.append(made[0])
            galleries.append(made[1])
    items, nameless = recognise(_illustrated(candidates, galleries), (home, web_base(url)))
    skipped += [
        f"{_named(entry.title)} cannot be told from the others: it has no id, link or date of its own"
        for entry in nameless
    ]
    if len(raw.items) > MOST_ITEMS:
        skipped.append(f"only the first {MOST_ITEMS:,} of {len(raw.items):,} entries were read")
    return Document(
        title=line(raw.title),
        link=home,
        language=_language(raw.language),
        items=tuple(items),
        skipped=tuple(skipped),
        whole=raw.whole,
    )


def _entry(item: RawItem, *, feed: str, base: str, url: str, language: str) -> tuple[Candidate, _Gallery] | str:
    title = line(item.title)
    permalink = absolute(item.link, base)
    if not permalink:
        return f"{_named(title)} has no link to a page of its own, so there is nothing to announce"
    said = content.read(item.content if item.content.value.strip() else item.summary, permalink)
    summary = content.summary(item.summary) or content.in_short(said.text)
    if not title and not summary:
        return f"the entry {permalink} has neither a title nor a text"
    published = moment(item.published)
    entry = Entry(
        feed=feed,
        title=title,
        permalink=permalink,
        summary=summary,
        content=said.html,
        authors=_lines(item.authors, _MOST_AUTHORS),
        categories=_lines(item.categories, _MOST_CATEGORIES),
        published=possible(published),
        updated=possible(moment(item.updated)),
        language=_language(item.language) or _language(language),
    )
    text = said.text or summary
    gallery = _Gallery(
        named=pictures.located(item.pictures, base, url), shown=pictures.located(said.pictures, permalink, url)
    )
    candidate = Candidate(
        entry=replace(entry, revision=revision(entry, text)),
        guid=item.guid,
        text=text,
        odd_date=oddity(published),
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


def _lines(values: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Tidy short values; the first of those that differ only in case stays."""
    kept: dict[str, str] = {}
    for value in values:
        if len(kept) == most:
            break
        text = line(Markup(value[: 4 * _LONGEST_CATEGORY], "guess"))[:_LONGEST_CATEGORY].strip()
        if text:
            kept.setdefault(text.casefold(), text)
    return tuple(kept.values())


def _language(tag: str) -> str:
    tag = tag.strip().replace("_", "-")
    return tag if len(tag) <= 35 and _LANGUAGE.fullmatch(tag) else ""
