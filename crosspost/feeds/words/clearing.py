"""One walk through an article's tree: what is not words goes, its lines and pictures are gathered."""

from collections import Counter
from dataclasses import dataclass

from crosspost.feeds.pictures import of_element
from crosspost.feeds.raw import RawPicture
from crosspost.feeds.words.labels import is_heading_of
from crosspost.feeds.words.lines import Line
from crosspost.feeds.words.marks import is_button, is_gutter, is_jump, is_mark
from crosspost.feeds.words.pictured import emoji, quotes
from crosspost.feeds.words.safe import TAGS
from crosspost.feeds.words.unseen import Kind, kind
from crosspost.text import BLOCKS
from crosspost.text.plain import STRUCK
from crosspost.text.tree import Element, Walk, Words, elements_within

_IMAGES = frozenset(("img", "source"))
_LISTS = frozenset(("ul", "ol"))
_CODE = frozenset(("code", "pre", "kbd"))
_TITLES = frozenset("h1 h2 h3 h4 h5 h6".split())
_RENAMED = {"acronym": "abbr", "amp-img": "img", "samp": "code", "strike": "s", "tt": "code"}
"""Elements whose meaning has another name among those that an entry may have."""
_MOSTLY = 0.6
"""So much of the words of a list are links, and it is no prose."""
BEST = "data-best-source"
"""The attribute that keeps which address of an image is the best, as it is written."""
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
    """What is found in an article: its `lines` in order, and its `pictures`."""

    def __init__(self, root: Element, *, base: str, language: str) -> None:
        self.lines: list[Line] = []
        self.pictures: list[RawPicture] = []
        self._base, self._language = base, language
        self._inside: Counter[str] = Counter()
        """How many elements of a name are open."""
        self._captions: list[Element] = []
        self._links: list[Element] = []
        self._list: _List | None = None
        self._rule: Element | None = None
        """The last `<hr>`, while no words follow it."""
        self._line = self._new_line()
        self._walk = Walk(root)
        for step in self._walk:
            if isinstance(step, Words):
                self._say(step)
            elif isinstance(step, Element):
                self._enter(step)
            else:
                self._leave(step.element)
        self._end_line()

    def _new_line(self, *, after_break: bool = False) -> Line:
        inside = self._inside
        aside = bool(self._captions or inside["table"])
        code = bool(inside["pre"])
        fit = not (aside or code or any(inside[name] for name in _TITLES))
        return Line(fit=fit, aside=aside, code=code, item=bool(inside["li"]), after_break=after_break)

    def _end_line(self, br: Element | None = None) -> None:
        if self._line.text:
            self._line.breaks = br
            self.lines.append(self._line)
            self._rule = None
        self._line = self._new_line(after_break=br is not None)

    def _say(self, words: Words) -> None:
        words.text = words.text.replace("\u00ad", "")  # where a word may be parted; nobody sees it
        if any(self._inside[name] for name in STRUCK):
            return
        self._line.words.append(words)
        if any(self._inside[name] for name in _CODE):
            self._line.in_code.add(words)
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
            self._take_out(element)
            return
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
        self._inside[name] += 1
        if name in BLOCKS and name != "br":
            self._line = self._new_line()

    def _leave(self, element: Element) -> None:
        name = element.name
        if name == "br":
            return
        if name in BLOCKS:
            self._end_line()
        self._inside[name] -= 1
        if name == "a":
            self._links.pop()
        elif self._captions and self._captions[-1] is element:
            self._captions.pop()
        elif name in _LISTS and not any(self._inside[name] for name in _LISTS):
            self._end_list()
        if name in BLOCKS:
            self._line = self._new_line()

    def _is_aside(self, element: Element) -> bool:
        """Tell whether an element within the running text is none of its words."""
        name = element.name
        if name == "a":
            return is_jump(element) or is_button(element)
        if name == "pre":
            return is_gutter(element, beside=self._walk.ahead, in_table=bool(self._inside["table"]))
        if name != "sup":
            return False
        before = "".join(piece.text for piece in self._line.words[-5:])[-_TAIL:]
        return is_mark(element, before, self._follows().isalpha())

    def _follows(self) -> str:
        """Return the character behind the element that was just met, "" if no words are."""
        ahead = self._walk.ahead
        return ahead.text[:1] if isinstance(ahead, Words) else ""

    def _take_out(self, element: Element) -> None:
        """Take out an element, and the space that would be left in front of a full stop."""
        element.gone = True
        self._line.trimmed = True
        follows, words = self._follows(), self._line.words
        if words and follows and not (follows.isalnum() or follows.isspace()):
            words[-1].text = words[-1].text.rstrip(" ")

    def _drop(self, element: Element, told: Kind) -> None:
        """Take out an element, with what only leads to it; what nobody reads may hold a picture."""
        if element.name in BLOCKS:
            self._end_line()
        if told is Kind.HIDDEN:
            for within in (element, *elements_within(element)):
                if within.name in ("img", "amp-img", "video"):
                    self._picture(within)
        self._take_out(element)
        self._without_heading(told)

    def _without_heading(self, told: Kind) -> None:
        if told is Kind.NOTES and self._rule is not None:
            self._rule.gone = True
        if self.lines and not self._line.text and is_heading_of(told, self.lines[-1].text):
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
            self._line.pictures.append(element)
        else:
            element.name, element.attributes, element.children = "span", {}, [Words(said)]

    def _picture(self, element: Element) -> None:
        picture = of_element(element.attributes, self._base)
        if picture is not None:
            self.pictures.append(picture)
            if element.name == "img":
                element.attributes[BEST] = picture.url

    def _quote(self, element: Element) -> None:
        """Write the quotation marks of its language around a quotation, which then needs no element."""
        opening, closing = quotes(element.attributes.get("lang", "") or self._language)
        element.name = "span"
        element.children = [Words(opening), *element.children, Words(closing)]
