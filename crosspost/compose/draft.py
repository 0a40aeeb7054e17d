"""Fill a channel's template so that the result fits the network: the link whole, words and sentences intact."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from crosspost.compose.template import Template
from crosspost.config import Channel
from crosspost.contract import Capabilities, HashtagPlace, LinkPlace
from crosspost.errors import NoRoom
from crosspost.model import Draft, Entry, Media
from crosspost.text import cut, hashtags, plain, tidy, with_utm


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


def compile_template(channel: Channel) -> Template:
    """Compile a channel's template and try it out. Raise `ConfigError` with the line of what is wrong."""
    made_from = a_sample(channel)
    values = _values(made_from, summary="Summary.", body="Text.", link=made_from.entry.permalink)
    made_from.template.render({**values, "title": "Title", "excerpt": "Summary.", "hashtags": "#One"})
    return made_from.template


def a_sample(channel: Channel) -> Ingredients:
    """Return what a typical draft of a channel is made from."""
    template = Template(channel.template or channel.capabilities.template, name=channel.name)
    moment = datetime(2026, 8, 1, tzinfo=UTC)
    entry = Entry(
        feed="feed", title="Title", permalink="https://blog.example/", categories=("One",), published=moment
    )
    return Ingredients(entry=entry, channel=channel, template=template, zone=ZoneInfo("UTC"), published=moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where a draft's words were cut to fit. `kept` of `of` characters of the entry's words are in the text."""

    words: str = ""
    """The last ones before the cut; "" if none was made, or nothing was kept."""
    excerpt: bool = False
    """Whether no room was left for any of the excerpt."""
    kept: int = 0
    of: int = 0
    tags: tuple[str, ...] = ()
    """The hashtags that were left out."""
    title: bool = False
    """Whether the title was cut as well."""


def compose(ingredients: Ingredients) -> Draft:
    """Make a channel's draft of an entry. Raise `NoRoom`, or `ConfigError` if its template fails."""
    return compose_and_tell(ingredients)[0]


def compose_and_tell(ingredients: Ingredients) -> tuple[Draft, Cut]:
    """Make a channel's draft of an entry, and tell where it was cut. Raise `NoRoom` or `ConfigError`."""
    entry, channel = ingredients.entry, ingredients.channel
    rules = channel.capabilities
    body = rules.neutral(plain(entry.content) if entry.content else "")
    summary = rules.neutral(entry.summary) or body
    title = rules.neutral(entry.title)
    most = channel.hashtags if rules.hashtags is not HashtagPlace.NOWHERE else 0
    tags = hashtags(entry.categories, most, ingredients.never_hashtags)
    link = rules.whole_link(with_utm(entry.permalink, channel.utm.parameters))
    inline = rules.link is LinkPlace.TEXT or (
        rules.link is LinkPlace.CARD_UNLESS_PICTURE and ingredients.picture is not None
    )
    values = _values(ingredients, summary=summary, body=body, link=link)
    shown_tags = tags if rules.hashtags is HashtagPlace.TEXT else ()

    def fill(values: dict[str, Any], title: str, excerpt: str, tags: tuple[str, ...]) -> str:
        words = " ".join(f"#{tag}" for tag in tags)
        return ingredients.template.render({**values, "title": title, "excerpt": excerpt, "hashtags": words})

    def render(title: str, excerpt: str, tags: tuple[str, ...]) -> str:
        text = tidy(fill(values, title, excerpt, tags))
        if inline and link not in text:
            text = f"{text}\n\n{link}" if text else link
        return text

    excerpt = cut(summary, lambda text: len(text) <= channel.excerpt) if channel.excerpt else ""
    fitted = _fit(render, rules, title, excerpt, shown_tags)
    if fitted is None:
        raise NoRoom(f"channels.{channel.name}: the template and the link leave no room for this entry's words")
    text, html = fitted.text, ""
    if rules.html:
        from crosspost.compose.html import in_html  # late: most networks take none

        def fill_again(content: str) -> str:
            with_content = _values(ingredients, summary=summary, body=content, link=link)
            return fill(with_content, fitted.title, fitted.excerpt, fitted.tags)

        html = in_html(
            text, fill_again, body=body, content=entry.content, rules=rules, links=(link, entry.permalink)
        )
    draft = Draft(
        text=text,
        link=link,
        permalink=entry.permalink,
        title=_shorten(title or _first_line(summary), rules.max_title),
        description=_shorten(excerpt, rules.max_description),
        hashtags=tags,
        language=entry.language,
        author=rules.neutral(", ".join(entry.authors)),
        published=ingredients.published,
        picture=ingredients.picture,
        has_link_in_text=link in text,
        html=html,
    )
    whole = title, excerpt, shown_tags
    return draft, _what_was_cut(fitted, render, whole, of=summary)


_LAST_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Fitted:
    text: str
    title: str
    excerpt: str
    tags: tuple[str, ...]


def _fit(
    render: Callable[[str, str, tuple[str, ...]], str],
    rules: Capabilities,
    title: str,
    excerpt: str,
    tags: tuple[str, ...],
) -> _Fitted | None:
    """Give up, in this order: the end of the excerpt, the hashtags from the last, the end of the title."""

    def fits(text: str) -> bool:
        return rules.max_length is None or rules.count(text) <= rules.max_length

    short = cut(excerpt, lambda part: fits(render(title, part, tags)))
    if fits(text := render(title, short, tags)):
        return _Fitted(text, title, short, tags)
    while tags:
        tags = tags[:-1]
        if fits(text := render(title, "", tags)):
            return _Fitted(text, title, "", tags)
    short = cut(title, lambda part: fits(render(part, "", ())))
    text = render(short, "", ())
    return _Fitted(text, short, "", ()) if fits(text) else None


def _what_was_cut(
    fitted: _Fitted,
    render: Callable[[str, str, tuple[str, ...]], str],
    whole: tuple[str, str, tuple[str, ...]],
    *,
    of: str,
) -> Cut:
    """Tell what of the whole title, excerpt and hashtags is not in what fits. `of`: the entry's words."""
    title, excerpt, tags = whole
    text, kept = render(*whole), fitted.excerpt.removesuffix("…").rstrip()
    is_cut = bool(kept) and kept != of and fitted.excerpt in fitted.text
    return Cut(
        words=" ".join(kept.split()[-_LAST_WORDS:]) if is_cut else "",
        excerpt=not kept and text != render(title, "", tags),
        kept=len(kept) if is_cut else 0,
        of=len(of),
        tags=tags[len(fitted.tags) :] if text != render(title, excerpt, ()) else (),
        title=fitted.title != title,
    )


def _values(made_from: Ingredients, *, summary: str, body: str, link: str) -> dict[str, Any]:
    """Return what a template may use, beside title, excerpt and hashtags; docs/configuration.md lists them."""
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


def _first_line(text: str) -> str:
    return cut(text.partition("\n")[0], lambda part: len(part) <= 100)
