"""HTML from strangers: what of it is kept, and how it is written so that nothing in it acts."""

import re
from collections.abc import Callable, Iterable
from html import escape

import nh3

from crosspost.feeds.pictures import ATTRIBUTES as OF_PICTURES
from crosspost.text.tree import VOID, Element, Step, Words

TAGS = frozenset(
    "a abbr address article aside b blockquote br cite code dd del div dl dt em figcaption figure footer"
    " h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s section small strong sub sup"
    " table tbody td tfoot th thead tr u ul".split()
)
"""The elements an entry's HTML may have, and no others."""
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
"""The attributes these elements may have."""
_SCHEMES = {"http", "https", "mailto"}

# Elements that say what becomes of the words in them, or carry a picture: seen by our rules, never written.
_TOLD = TAGS | frozenset(
    "acronym amp-img audio big button canvas caption center data datalist details dfn dialog embed fieldset"
    " font form hgroup label legend menu meter nav noscript object optgroup option output picture progress"
    " rp rt ruby samp search source span strike summary time tt var video".split()
)
# What a parser of HTML treats as no HTML, or as another language: it goes here, with all that is in it.
_FOREIGN = frozenset(
    "applet frameset head iframe link math meta noembed noframes script select style svg template textarea"
    " title xmp".split()
)
_TELLING = {"*": OF_PICTURES | {"href", "title", "lang", "epub:type", "colspan", "rowspan"}}

_READ = nh3.Cleaner(
    tags=set(_TOLD),
    clean_content_tags=set(_FOREIGN),
    attributes=_TELLING,
    generic_attribute_prefixes={"data-"},
    url_schemes=_SCHEMES,
    link_rel=None,
)
_SAFE = nh3.Cleaner(tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)

_MOST_TAGS = 30_000
_MOST_MADE = 100_000
"""Tags that a parser may make of them: it opens again in a new paragraph what was not closed in the last."""
_MOST_ENTITIES = 60_000
"""A parser takes quadratic time for them, too: 1.4 s for 400,000 (2026-11)."""
_DEEPEST = 200
"""Elements in each other. A parser takes quadratic time for more of them: 0.5 s for 20,000 (2026-11)."""
_MOST_STYLES = 30
"""Of elements such as `<b>` open at once: a parser opens each of them anew in every paragraph."""
_MOST_ATTRIBUTES = 1_000
"""Of one element; a parser compares each with all before: 4 s for 160,000 (2026-11)."""
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{4000,}")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements without an end, or whose end may be left out: they do not nest in themselves.
_FLAT = VOID | frozenset("dd dt li option p tbody td th tr".split())
_STYLES = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_PASSES = 5
"""How often HTML is sanitised, at most, until another time changes nothing; one is the rule."""


def _is_intricate(markup: str) -> bool:
    """Tell whether a real parser may take too long over this HTML. Nesting is estimated, from below."""
    if markup.count("<") > _MOST_TAGS or markup.count("&") > _MOST_ENTITIES:
        return True
    if any(len(tag.split(None, _MOST_ATTRIBUTES)) > _MOST_ATTRIBUTES for tag in _LONG_TAG.findall(markup)):
        return True
    depth = styles = 0
    for slash, name in _TAG.findall(markup):
        name = name.lower()
        if name not in _FLAT:
            depth = max(0, depth + (-1 if slash else 1))
            if name in _STYLES:
                styles = max(0, styles + (-1 if slash else 1))
            if depth > _DEEPEST or styles > _MOST_STYLES:
                return True
    return False


def well_formed(markup: str) -> str | None:
    """Return HTML as a browser would understand it, with what tells us what its words are there for.

    None if it is too intricate.
    """
    if _is_intricate(markup):
        return None
    clean = _READ.clean(markup)
    return None if clean.count("<") > _MOST_MADE or clean.count("&") > _MOST_ENTITIES else clean


def sanitised(markup: str) -> str | None:
    """Return HTML of `TAGS` and `ATTRIBUTES` that no other sanitising changes, None if there is none."""
    for _ in range(_PASSES):
        clean = _SAFE.clean(markup).strip()
        if clean == markup:
            return clean
        markup = clean
    return None


def written(steps: Iterable[Step], attributes_of: Callable[[Element], dict[str, str]]) -> str:
    """Write a walk through a tree as HTML, of its elements those in `TAGS`, with `attributes_of` each."""
    pieces: list[str] = []
    after_pre = False
    for step in steps:
        if isinstance(step, Words):
            # A parser drops the first line end, each time it parses.
            text = step.text.lstrip("\n") if after_pre else step.text
            pieces.append(escape(text, quote=False).replace("\u00a0", "&nbsp;"))
            after_pre = after_pre and not text
        elif isinstance(step, Element):
            if (name := step.name) in TAGS:
                attributes = attributes_of(step)
                said = "".join([f' {key}="{_quoted(value)}"' for key, value in attributes.items()])
                pieces.append(f"<{name}{said}>")
                after_pre = name == "pre"
        elif (name := step.element.name) in TAGS:
            after_pre = False
            if name not in VOID:
                pieces.append(f"</{name}>")
    return "".join(pieces).strip()


def _quoted(value: str) -> str:
    return escape(value).replace("&#x27;", "'").replace("\u00a0", "&nbsp;")
