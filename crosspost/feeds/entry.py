"""From what an author wrote to an entry, or to a sentence that says why not. Runs in the child process only."""

import re
from dataclasses import replace

from crosspost.feeds.address import absolute, in_folder, web_base
from crosspost.feeds.dates import moment, oddity, possible
from crosspost.feeds.document import Document
from crosspost.feeds.identity import Candidate, recognise, revision
from crosspost.feeds.raw import Markup, RawFeed, RawItem, RawPicture
from crosspost.feeds.words import content
from crosspost.feeds.words.line import line
from crosspost.model import Entry, Picture
from crosspost.text import canonical_link, tidy

MOST_ITEMS = 2_000
_MOST_CATEGORIES = 50
_LONGEST_CATEGORY = 100
_MOST_AUTHORS = 20
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
    for item in raw.items[:MOST_ITEMS]:
        made = _entry(item, feed=feed, base=base, url=url, language=raw.language)
        if isinstance(made, str):
            skipped.append(made)
        else:
            candidates.append(made)
    items, nameless = recognise(candidates, (home, web_base(url)))
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


def _entry(item: RawItem, *, feed: str, base: str, url: str, language: str) -> Candidate | str:
    title = line(item.title)
    permalink = absolute(item.link, base)
    if not permalink:
        return f"{_named(title)} has no link to a page of its own, so there is nothing to announce"
    spoken = _language(item.language) or _language(language)
    said = content.read(item.content, permalink, title, spoken)
    told = said if item.summary == item.content else content.read(item.summary, permalink, title, spoken)
    said = said if item.content.value.strip() else told
    summary = content.in_short(told.opening or said.opening)
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
        language=spoken,
        picture=_picture(item.pictures, said.pictures, base=base, permalink=permalink, url=url),
    )
    text = said.text or summary
    return Candidate(
        entry=replace(entry, revision=revision(entry, text)),
        guid=item.guid,
        text=text,
        odd_date=oddity(published),
    )


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
    for there, picture in [(_located(picture, base, url), picture) for picture in named] + shown:
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
