"""Fill a channel's template so that the result fits the network: the link whole, words and sentences intact."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from crosspost.compose.fit import Cut, Words, fit, is_in, what_was_cut
from crosspost.compose.template import Template
from crosspost.config import Channel
from crosspost.contract import HashtagPlace, LinkPlace
from crosspost.errors import NoRoom
from crosspost.model import Draft, Entry, Media
from crosspost.text import (
    completed,
    cut,
    hashtags,
    is_cut_from,
    is_french,
    plain,
    said_once,
    tidy,
    tied,
    with_utm,
    without_title,
)

_DOUBLED_STOP = re.compile(r"([…!?][»”)\u00a0\u202f]*)\.(?!\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredients:
    """What a draft is made from."""

    entry: Entry
    channel: Channel
    template: Template
    zone: ZoneInfo
    published: datetime
    """When the entry came out; if the feed does not say, when it was first seen."""
    picture: Media | None = None
    never_hashtags: tuple[str, ...] = ()
    """The categories that become no hashtag."""
    opening: str = ""
    """The line of the user's own that it begins with."""


def compile_template(channel: Channel) -> Template:
    """Compile a channel's template and try it out. Raise `ConfigError` with the line of what is wrong."""
    made_from = a_sample(channel)
    values = _values(made_from, summary="Summary.", body="Text.", link=made_from.entry.permalink)
    words = {"opening": "New:", "title": "Title", "excerpt": "Summary.", "hashtags": "#One"}
    made_from.template.render(values | words)
    return made_from.template


def a_sample(channel: Channel) -> Ingredients:
    """Return what a typical draft of a channel is made from."""
    template = Template(channel.template or channel.capabilities.template, name=channel.name)
    moment = datetime(2026, 8, 1, tzinfo=UTC)
    entry = Entry(
        feed="feed", title="Title", permalink="https://blog.example/", categories=("One",), published=moment
    )
    return Ingredients(entry=entry, channel=channel, template=template, zone=ZoneInfo("UTC"), published=moment)


def compose(ingredients: Ingredients) -> Draft:
    """Make a channel's draft of an entry. Raise `NoRoom`, or `ConfigError` if its template fails."""
    return compose_and_tell(ingredients)[0]


def compose_and_tell(ingredients: Ingredients) -> tuple[Draft, Cut]:
    """Make a channel's draft of an entry, and tell where it was cut. Raise `NoRoom` or `ConfigError`."""
    entry, channel = ingredients.entry, ingredients.channel
    rules, said = channel.capabilities, _said(ingredients)
    most = channel.hashtags if rules.hashtags is not HashtagPlace.NOWHERE else 0
    tags = hashtags(entry.categories, most, ingredients.never_hashtags)
    link = rules.whole_link(with_utm(entry.permalink, channel.utm.parameters))
    inline = not _has_card(ingredients)

    def fill(values: dict[str, Any], words: Words) -> str:
        shown = " ".join(f"#{tag}" for tag in words.tags)
        own = {"title": words.title, "excerpt": words.excerpt, "hashtags": shown, "opening": words.opening}
        return _mended(said_once(ingredients.template.render(values | own), words.title))

    values = _values(ingredients, summary=said.summary, body=said.body, link=link)

    def render(words: Words) -> str:
        text = tidy(fill(values, words))
        if inline and link not in text:
            text = f"{text}\n\n{link}" if text else link
        return text

    whole = Words(
        title=said.title,
        excerpt=cut(said.beginning, lambda text: len(text) <= channel.longest_excerpt),
        tags=tags if rules.hashtags is HashtagPlace.TEXT else (),
        opening=_set(ingredients.opening, entry.language),
    )
    words = fit(render, lambda text: rules.max_length is None or rules.count(text) <= rules.max_length, whole)
    if words is None:
        raise NoRoom(f"channels.{channel.name}: the template and the link leave no room for this entry's words")
    text, html = render(words), ""
    if rules.html:
        from crosspost.compose.html import in_html  # late: most networks take none

        def fill_again(content: str) -> str:
            return fill(_values(ingredients, summary=said.summary, body=content, link=link), words)

        links = (link, entry.permalink)
        html = in_html(text, fill_again, body=said.body, content=entry.content, rules=rules, links=links)
    draft = Draft(
        text=text,
        link=link,
        permalink=entry.permalink,
        title=_shorten(said.card_title, rules.max_title),
        # A card says nothing that stands beside it.
        description="" if is_in(whole.excerpt, text) else _shorten(whole.excerpt, rules.max_description),
        hashtags=tags,
        language=entry.language,
        author=rules.neutral(", ".join(entry.authors)),
        published=ingredients.published,
        picture=ingredients.picture,
        has_link_in_text=link in text,
        html=html,
    )
    return draft, what_was_cut(render, whole, words, of=said.beginning)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """An entry's words, neutralised and set as its readers expect."""

    title: str
    card_title: str
    """The title, if it is one of its own: some engines make it of the first words, which the text says."""
    summary: str
    body: str
    beginning: str
    """What an excerpt is cut from: the summary, without the title that it begins with."""


def _said(ingredients: Ingredients) -> _Said:
    entry, neutral = ingredients.entry, ingredients.channel.capabilities.neutral

    def of(words: str) -> str:
        return neutral(_set(words, entry.language))

    title, body = of(entry.title), of(plain(entry.content) if entry.content else "")
    summary = of(entry.summary) or body
    if is_cut_from(title, summary):
        return _Said(
            title=completed(title, summary), card_title="", summary=summary, body=body, beginning=summary
        )
    beginning = without_title(summary, title)
    return _Said(title=title, card_title=title, summary=summary, body=body, beginning=beginning)


def _set(words: str, language: str) -> str:
    return tied(words) if is_french(language) else words


def _has_card(ingredients: Ingredients) -> bool:
    """Tell whether the network shows the title and the link in a card beside the text."""
    place = ingredients.channel.capabilities.link
    return place is LinkPlace.CARD or (place is LinkPlace.CARD_UNLESS_PICTURE and ingredients.picture is None)


def _mended(text: str) -> str:
    """Drop the full stop of a template where the words before it bring an end of their own."""
    return _DOUBLED_STOP.sub(r"\1", text)


def _values(made_from: Ingredients, *, summary: str, body: str, link: str) -> dict[str, Any]:
    """Return what a template may use, beside `Words`; docs/configuration.md lists all of it."""
    entry, channel = made_from.entry, made_from.channel
    rules = channel.capabilities
    authors = tuple(map(rules.neutral, entry.authors))
    local = made_from.published.astimezone(made_from.zone)
    shared = {
        "link": link,
        "summary": summary,
        "content": body,
        "author": ", ".join(authors),
        "authors": authors,
        "categories": tuple(map(rules.neutral, entry.categories)),
        "published": local,
        "language": entry.language,
    }
    return {
        **shared,
        "card": _has_card(made_from),
        "entry": {
            **shared,
            "title": rules.neutral(entry.title),
            "permalink": rules.whole_link(entry.permalink),
            "feed": entry.feed,
        },
        "channel": {"name": channel.name, "adapter": channel.adapter},
    }


def _shorten(text: str, longest: int | None) -> str:
    return text if longest is None else cut(text, lambda part: len(part) <= longest)
