"""One walk through an article's tree: what is not words goes, its lines and pictures are gathered."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from crosspost.feeds.pictures import is_original, of_element
from crosspost.feeds.raw import RawPicture
from crosspost.feeds.words.article import Line
from crosspost.feeds.words.labels import is_heading_of
from crosspost.feeds.words.marks import is_button, is_gutter, is_jump, is_mark, leads_to_note
from crosspost.feeds.words.pictured import emoji, quotes
from crosspost.feeds.words.safe import TAGS
from crosspost.feeds.words.unseen import Kind, kind
from crosspost.text import BLOCKS
from crosspost.text.plain import STRUCK
from crosspost.text.tree import Element, Step, Words, elements_within, walk

_IMAGES = frozenset(("img", "source"))
_PARTING = BLOCKS - frozenset("br dd dt hr li td th tr".split())
_LISTS = frozenset(("ul", "ol"))
_GROUPS = {
    **dict.fromkeys(STRUCK, "struck"),
    **dict.fromkeys(("ul", "ol"), "list"),
    **dict.fromkeys(("code", "kbd"), "code"),
    **dict.fromkeys("h1 h2 h3 h4 h5 h6".split(), "heading"),
}
_RENAMED = {"acronym": "abbr", "amp-img": "img", "samp": "code", "strike": "s", "tt": "code"}
"""Elements whose meaning has another name among those that an entry may have."""
_MOSTLY = 0.6
"""So much of the words of a list are links, and it is no prose."""
BEST = "data-best-source"
"""The attribute that keeps which address of an image is the best, as it is written."""
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Where a word may be parted, or may not; nobody sees it."""
_SENTENCE_ENDS = tuple(".!?")
_TAIL = 60
"""Characters that are looked at in front of a raised number."""


@dataclass(slots=True)
class _List:
    """What is known of a list: where its lines start, and how much of it is links, to the page itself too."""

    start: int
    words: int = 0
    linked: int = 0
    jumping: int = 0


class Clearing:
    """What is found in an article: its `lines` in order, its `pictures`, and where blocks were taken out."""

    def __init__(self, root: Element, *, base: str, language: str) -> None:
        self.lines: list[Line] = []
        self.pictures: list[RawPicture] = []
        self.hollow: set[Element] = set()
        self._base, self._language = base, language
        self._inside: defaultdict[str, int] = defaultdict(int)
        """How many elements of a name, or of a group of names, are open."""
        self._captions: list[Element] = []
        self._links: list[Element] = []
        self._list: _List | None = None
        self._rule: Element | None = None
        """The last `<hr>`, while no words follow it."""
        self._line: Line | None = None
        self._after_break = False
        self._ahead: list[Step] = []
        for step in walk(root, self._ahead):
            if isinstance(step, Words):
                self._say(step)
            elif isinstance(step, Element):
                self._enter(step)
            else:
                self._leave(step.element)
        self._end_line()

    def _open_line(self) -> Line:
        if self._line is None:
            inside = self._inside
            aside = bool(self._captions or inside["table"])
            code = bool(inside["pre"])
            self._line = Line(
                fit=not (aside or code or inside["heading"]),
                aside=aside,
                code=code,
                item=bool(inside["li"]),
                terse=bool(inside["li"] or inside["table"] or inside["heading"]),
                after_break=self._after_break,
            )
        return self._line

    def _end_line(self, br: Element | None = None) -> None:
        has_text = self._line is not None and bool(self._line.text)
        if self._line is not None and has_text:
            self._line.breaks = br
            self.lines.append(self._line)
            self._rule = None
        elif self._line is not None and self._line.written.strip():
            self._line.drop()  # Webflow has a joiner in each empty paragraph
        self._after_break = br is not None and has_text  # two of them part paragraphs
        self._line = None

    def _say(self, words: Words) -> None:
        words.text = _UNSEEN.sub("", words.text)
        inside = self._inside
        if inside["struck"]:
            return
        line = self._open_line()
        line.add(words)
        line.linked = line.linked and bool(self._links or not words.text.strip())
        if inside["code"] or inside["pre"]:
            line.in_code.add(words)
        if inside["sup"] or inside["sub"]:
            line.scripts[words] = "sup" if inside["sup"] else "sub"
        if self._list is not None:
            length = len(words.text.strip())
            self._list.words += length
            self._list.linked += length if self._links else 0
            self._list.jumping += length if self._links and self._jumps(self._links[-1]) else 0

    def _jumps(self, link: Element) -> bool:
        page, mark, _ = link.attributes.get("href", "").partition("#")
        return bool(mark) and page in ("", self._base.partition("#")[0])

    def _enter(self, element: Element) -> None:
        told = kind(element)
        if told is not None and told is not Kind.CAPTION:
            self._drop(element, told)
            return
        element.name = _RENAMED.get(element.name, element.name)
        if element.name in BLOCKS and element.name not in TAGS:
            element.name = "div"  # a block all the same, whatever it is called
        if element.name in _IMAGES:
            self._image(element)
        elif element.name == "q":
            self._quote(element)
        elif self._is_aside(element):
            line = self._open_line()
            line.note = line.note or (leads_to_note(element) and not line.text)
            if element.name != "a" or not self._parts_words():
                self._take_out(element)
                return
            element.name, element.attributes, element.children = "span", {}, [Words(" ")]
        name = element.name
        if name in BLOCKS:
            self._end_line(element if name == "br" else None)
        if name in _LISTS and self._list is None:
            self._list = _List(start=len(self.lines))
        if name == "a":
            self._links.append(element)
        elif name == "hr":
            self._rule = element
        if told is Kind.CAPTION:
            self._captions.append(element)
        self._inside[_GROUPS.get(name, name)] += 1

    def _leave(self, element: Element) -> None:
        name = element.name
        if name == "br":
            return
        if name in BLOCKS:
            self._end_line()
        self._inside[_GROUPS.get(name, name)] -= 1
        if name == "a":
            self._links.pop()
        elif self._captions and self._captions[-1] is element:
            self._captions.pop()
        elif name in _LISTS and not self._inside["list"]:
            self._end_list()

    def _is_aside(self, element: Element) -> bool:
        """Tell whether an element within the running text is none of its words."""
        name = element.name
        if name == "a":
            return is_jump(element) or (is_button(element) and not self._goes_on())
        if name == "pre":
            return is_gutter(element, beside=self._next(), in_table=bool(self._inside["table"]))
        if name != "sup":
            return False
        before = "".join(piece.text for piece in self._line.words[-5:])[-_TAIL:] if self._line else ""
        return is_mark(element, before, self._follows().isalpha())

    def _next(self) -> Step | None:
        """Return what follows the element that was just met, after blanks: a sibling, or its parent's end."""
        return next((step for step in reversed(self._ahead) if not _is_blank(step)), None)

    def _follows(self) -> str:
        """Return the character behind the element that was just met, "" if no words are."""
        ahead = self._ahead[-1] if self._ahead else None
        return ahead.text[:1] if isinstance(ahead, Words) else ""

    def _goes_on(self) -> bool:
        """Tell whether a sentence goes on, or ends, behind the element that was just met."""
        ahead = self._ahead[-1] if self._ahead else None
        follows = ahead.text.lstrip()[:1] if isinstance(ahead, Words) else ""
        return follows.islower() or follows in _SENTENCE_ENDS

    def _parts_words(self) -> bool:
        """Tell whether nothing but the element that was just met stands between two words."""
        before = self._line.written[-1:] if self._line else ""
        return before.isalnum() and self._follows().isalnum()

    def _take_out(self, element: Element) -> None:
        """Take out an element, and the space that would be left in front of a full stop."""
        element.gone = True
        line = self._open_line()
        line.trimmed = True
        follows = self._follows()
        if follows and not (follows.isalnum() or follows.isspace()):
            line.close_up()

    def _drop(self, element: Element, told: Kind) -> None:
        """Take out an element, with what only leads to it; what nobody reads may hold a picture."""
        if told is Kind.HIDDEN:
            for within in (element, *elements_within(element)):
                if within.name in ("img", "amp-img", "video"):
                    self._picture(within)
        if element.name not in _PARTING or told is Kind.HIDDEN:
            self._take_out(element)
            return
        # What is seen parts the words around it, also where it is taken out.
        self._end_line()
        element.name, element.attributes, element.children = "div", {}, []
        self.hollow.add(element)
        self._inside["div"] += 1
        self._without_heading(told)

    def _without_heading(self, told: Kind) -> None:
        if told is Kind.NOTES and self._rule is not None:
            self._rule.gone = True
        at_hand = self.lines and (self._line is None or not self._line.text)
        if at_hand and is_heading_of(told, self.lines[-1].text):
            self.lines.pop().drop()

    def _end_list(self) -> None:
        """Take out a list that is a table of contents, and leave one of links to its readers."""
        ended, self._list = self._list, None
        if ended is None or not ended.words:
            return
        lines = self.lines[ended.start :]
        if ended.jumping == ended.words and len(lines) > 1:
            for line in lines:
                line.drop()
            del self.lines[ended.start :]
            self._without_heading(Kind.CONTENTS)
        elif ended.linked >= _MOSTLY * ended.words:
            for line in lines:
                line.fit = False

    def _image(self, element: Element) -> None:
        said = emoji(element)
        if said is None:
            self._picture(element)
            self._open_line().pictures.append(element)
        else:
            element.name, element.attributes, element.children = "span", {}, [Words(said)]

    def _picture(self, element: Element) -> None:
        picture = of_element(element.attributes, self._base)
        if picture is not None:
            self.pictures.append(picture)
            to = self._links[-1].attributes.get("href", "") if self._links else ""
            if is_original(to, picture.url):
                self.pictures.append(replace(picture, url=to, width=None, height=None))
            if element.name == "img":
                element.attributes[BEST] = picture.url

    def _quote(self, element: Element) -> None:
        """Write the quotation marks of its language around a quotation, which then needs no element."""
        opening, closing = quotes(element.attributes.get("lang", "") or self._language)
        element.name = "span"
        element.children = [Words(opening), *element.children, Words(closing)]


def prune(root: Element, hollow: set[Element]) -> None:
    """Take out what is empty because of what was taken out of it, the `hollow` blocks too.

    Cells stay, since they hold a table's columns, and so does an empty block between words, which parts them.
    """
    elements = [root]
    for element in elements:
        elements += [child for child in element.children if isinstance(child, Element) and not child.gone]
    for element in reversed(elements):  # what is in an element before the element itself
        if any(child.gone or child in hollow for child in element.children):
            _prune(element, hollow)


def _prune(parent: Element, hollow: set[Element]) -> None:
    """Go on with an element of which something was taken out."""
    if not any(_is_inline(child) for child in parent.children):
        for child in hollow.intersection(parent.children):
            child.gone = True
    if parent.name not in ("td", "th") and all(map(_shows_nothing, parent.children)):
        hollow.add(parent)
        parent.gone = parent.name not in BLOCKS


def _is_blank(node: Step) -> bool:
    return isinstance(node, Words) and not node.text.strip()


def _is_inline(node: Element | Words) -> bool:
    return not node.gone and not _is_blank(node) and (isinstance(node, Words) or node.name not in BLOCKS)


def _shows_nothing(node: Element | Words) -> bool:
    return node.gone or _is_blank(node) or (isinstance(node, Element) and node.name == "br")
