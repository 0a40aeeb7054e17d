"""Words that HTML shows by other means: emoji as pictures, quotation marks as elements."""

import re
from urllib.parse import unquote, urlsplit

from crosspost.text.tree import Element

# Classes and addresses of WordPress (6.1.9, read 2026-11); of Twemoji, Discourse, Slack, GitHub, Facebook,
# Medium, phpBB, Mastodon and Misskey (unverified, from memory, 2026-11).
_CLASSES = re.compile(
    r"(?:^|\s)(?:wp-smiley|emoji(?:one|fy)?|emojione|twemoji|g-emoji|smiley|smilies|an1)(?=\s|$)", re.I
)
_PLACES = re.compile(
    r"s\.w\.org/images/core/emoji/|twemoji|/emojis?/|emojione|githubassets\.com/images/icons/emoji|/smilies/"
    r"|static\.xx\.fbcdn\.net/images/emoji|/wp-includes/images/smil",
    re.IGNORECASE,
)
_BY_NAME = re.compile(r":[\w+-]+:")
_POINTS = re.compile(r"(?:^|[-_])(?:u\+?)?([0-9a-f]{4,6})(?=[-_.]|$)", re.IGNORECASE)
_LONGEST = 16
"""Characters of an emoji; a family has eleven, the longest smileys fewer."""
# Quotation marks by language, as ICU 72 (Unicode CLDR 42) has them, read 2026-11; French ones with their
# non-breaking spaces. It has others for hr, nl-be and de-ch: there we follow usage (unverified).
_QUOTES = {
    "fr": ("«\u00a0", "\u00a0»"),
    "de": ("„", "“"),
    **dict.fromkeys(
        ("it", "es", "pt-pt", "ru", "uk", "el", "no", "nb", "nn", "ca", "fa", "hy", "fr-ch", "de-ch"),
        ("«", "»"),
    ),
    **dict.fromkeys(("pl", "ro", "hu", "hr", "nl-be"), ("„", "”")),
    **dict.fromkeys(("cs", "sk", "sl", "bg", "is", "lt", "et", "ka"), ("„", "“")),
    **dict.fromkeys(("sv", "fi"), ("”", "”")),
    **dict.fromkeys(("da",), ("“", "”")),
    **dict.fromkeys(("ja", "zh-tw", "zh-hk", "zh-hant"), ("「", "」")),
}
_ENGLISH = ("“", "”")


def emoji(image: Element) -> str | None:
    """Return the emoji that an image stands for, "" if nobody can say which; None if it is a picture."""
    said = image.attributes
    source = said.get("src") or said.get("data-src") or ""
    if not (_CLASSES.search(said.get("class", "")) or _PLACES.search(source)):
        return None
    alt = said.get("alt", "").strip()
    if alt and not _BY_NAME.fullmatch(alt):
        # A picture of something in a folder called so, described by a sentence, is one.
        return alt if len(alt) <= _LONGEST else None
    return _pointed(source)


def _pointed(source: str) -> str:
    """Return the characters that the name of a file lists, as `1f1eb-1f1f7.svg` does."""
    try:
        name = unquote(urlsplit(source).path).rpartition("/")[2]
    except ValueError:
        return ""
    points = [int(point, 16) for point in _POINTS.findall(name)]
    fit = points and all(0x203C <= point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF for point in points)
    return "".join(map(chr, points)) if fit else ""


def quotes(language: str) -> tuple[str, str]:
    """Return the marks around a quotation in a language, by its tag."""
    tag = language.strip().lower().replace("_", "-")
    return _QUOTES.get(tag) or _QUOTES.get(tag.partition("-")[0]) or _ENGLISH
