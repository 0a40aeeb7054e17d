"""Where the words of an entry begin and end, by the tables of what engines put before and behind them."""

import re
from functools import lru_cache
from typing import NamedTuple

from crosspost.feeds.words.heads import BY, BYLINES, CAPTIONS, DATED, LINES
from crosspost.feeds.words.tails import IN_BRACKETS, LABELS, ON_THEIR_OWN, SAYINGS
from crosspost.feeds.words.template import pattern
from crosspost.text import folded, level

_LONGEST_HEAD = 400
_LONGEST_TAIL = 600  # characters: a title, the name of a site, and what is said of them
_LONGEST_MARK = 60
_MOST_TAILS = 100
"""Of one block; engines put three or four behind each other, and more are a flood."""
_LONGEST_SITE = 60
_BLANK = " \t\n"
_DANGLING = "([|•·–—-"
_SPEECH = "“\"'„‘"

# Names begin with a capital, in the scripts that have them: « By Jane Doe », but not « By the river ».
_NAME = r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*"
_BETWEEN_NAMES = r"(?:\s*[,&/]\s*|\s+(?:and|et|und|y|e|en|och|og|i|de|du|von|van|di|da|la|le)\s+|\s+)"
_NAMES = rf"@?{_NAME}(?:{_BETWEEN_NAMES}{_NAME}){{0,6}}"
_DATE = (
    r"(?:[^\W\d]+,?\s+)?(?:\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+)?[^\W\d]+\.?,?\s+(?:de\s+)?\d{4}"
    r"|[^\W\d]+\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})(?:\s+\d{1,2}[:h]\d\d)?"
)
# The hour, who wrote it, how long it is: in no sentence that goes on behind a comma.
_BEHIND_A_DATE = r"(?:\s*(?!,\s*[^\W\d_A-Z]{3}).{0,20})"
_ONE_SENTENCE = r"(?:(?!\w{3}\.\s+\w).)"
_CREDITED = rf"\s*[:：©|/]{_ONE_SENTENCE}{{0,200}}|\s+(?i:{pattern(BY)})\s+{_NAMES}.{{0,150}}"
_HEADS = tuple(
    re.compile(rf"[\W_]*{head}(?:[^\w!?]|_)*", re.DOTALL)
    for head in (
        rf"(?i:{pattern(LINES)})",
        rf"(?i:{pattern(CAPTIONS)})(?:{_CREDITED})?",
        rf"(?i:{pattern(BYLINES)})(?:\s+|(?<=[:\s])){_NAMES}(?:\s*(?:[,|·•–—-]|on|le|am|el|il|op|den)?\s*{_DATE})?",
        rf"(?i:{pattern(DATED)})\s*(?:{_DATE}|.{{0,20}}(?:\bago\b|\bil y a \d|\bvor \d)){_BEHIND_A_DATE}",
        rf"(?:[Ll]e\s+)?{_DATE}",
        r"https?://\S+",
        r"(?:©|\([cC]\)\s*\d).{0,150}",
    )
)

_ELLIPSIS = r"(?:…|\.{2,}|&hellip;|&#8230;)"
_ARROWS = "→»›➜⟶➔▶►>⇒"
# « […] », « (more…) », « [Read more →] »
_MARK = (
    rf"[\[(（]\s*(?:{_ELLIPSIS}|(?:{_ELLIPSIS}\s*)?{pattern((*LABELS, *IN_BRACKETS))}\s*{_ELLIPSIS}?)"
    rf"\s*[{_ARROWS}]*\s*[\])）][\s.…]*\Z"
)
_MARK_ENDS = re.compile(r"[\])）][\s.…]*\Z")
# Behind what a tail may begin: a line's end, a sentence's, an ellipsis, a bracket, an arrow, a dash.
_BOUNDARY = re.compile(rf"(\n)|({_ELLIPSIS}[\])]?)|[.!?。！？»”\"'’)\]:;|•·–—{_ARROWS}]|\s-(?=\s)")
_OPENING = f" \t\n\u00a0\u202f([«“\"'|•·–—*-{_ARROWS}"
_OPENS = re.compile(f"[{re.escape(_OPENING)}]+")
_ENDED = rf"[\s.!…。)\]»”\"{_ARROWS}-]*\Z"
# Nothing follows the name of a site; and none begins as in « The post office appeared first on the map ».
_SITE = (
    r"(?!(?-i:the|an?|this|that|these|my|our|his|her|its|their)\s)"
    rf"{_ONE_SENTENCE}{{1,{_LONGEST_SITE}}}"
)
_BEFORE_SITE = re.compile(r"\s[|–—·•»:-]\s+")
# A few words that are no sentence and begin as names do, or a domain.
_SITES_NAME = re.compile(rf"(?:{_NAME}|\d+)(?:\s+[^\s.!?…。！？]+){{0,5}}\s*|\w[\w-]*(?:\.[\w-]+)+\s*")
_SAYING = pattern(SAYINGS, rest=_SITE) + _ENDED
# What each of them has: where none is, nobody need look for a saying. Of most, a word tells; of those in
# scripts that write words together, or glue endings to names, a part.
_SAID = {level(max(saying.split("*"), key=len)) for saying in SAYINGS}
_SAID_PARTS = tuple(said for said in _SAID if max(said) > "\u0590" and not re.search("[a-z]", said))
_SAYING_BEGINS = rf"(?<!\w){pattern({saying.partition('*')[0].strip() for saying in SAYINGS} - {''})}(?!\w)"
_BLOCK = pattern(ON_THEIR_OWN) + _ENDED
_LABEL = pattern(LABELS) + r"(?!\w)"
# In mid-sentence, too: « words Read more », « words read on → », « words Continue reading A title ».
_BUTTON = rf"(?<!\w){pattern(LABELS)}(?!\w)"
_BEHIND_ELLIPSIS = pattern(IN_BRACKETS) + _ENDED
_WORD = re.compile(r"\w+")
# By its first word, a glance tells of most places that no tail begins there. Some begin with a number.
_FIRST_LABELS = frozenset(level(_WORD.findall(label)[0]) for label in LABELS)
_FIRST_WORDS = _FIRST_LABELS.union(level(_WORD.findall(block)[0]) for block in (*ON_THEIR_OWN, *IN_BRACKETS))
_SAID_WORDS = frozenset(max(_WORD.findall(said), key=len) for said in _SAID.difference(_SAID_PARTS))
_NO_WORD = re.compile(rf"[\s(\[]*{_ELLIPSIS}[\s)\]]*\Z")
_ASIDE = re.compile(r"[\s.…]*\([^()]{1,80}\)\s*")
"""« Read more… (3 min remaining) », as Nikola has it."""
_QUOTED = re.compile(r"\s*[“\"«„‘].*[”\"»“’]\s*", re.DOTALL)
_SENTENCE_WITHIN = re.compile(r"[.!?]\s+\w")


@lru_cache(maxsize=256)  # a content and what is told of it are asked, and again after each cut
def begins(text: str, title: str) -> bool:
    """Tell whether a first block is no beginning of an entry's words: a caption, a byline, its title again."""
    if len(text) > max(_LONGEST_HEAD, 2 * len(title)):
        return False
    return _repeats(text, title) or any(head.fullmatch(text) for head in _HEADS)


@lru_cache(maxsize=256)
def ends(text: str, title: str = "") -> int:
    """Return where in an entry's last block a tail begins: 0 if all of it is one, its length if none does."""
    end = last = _stripped(text, len(text), _BLANK)
    for _ in range(_MOST_TAILS):
        shorter = _without_tail(text, last, title) if last else last
        if shorter == last:
            break
        last = shorter
    return last if last < end else len(text)


def is_word(text: str) -> bool:
    """Tell of a whole text whether it is one word that its author may have written: no « Weiterlesen »."""
    return text.isalpha() and not re.fullmatch(_LABEL, text, re.IGNORECASE)


def was_shortened(tail: str) -> bool:
    """Tell of a tail that was cut off whether it says that the words before it go on elsewhere."""
    return bool(tail) and bool(_mark(tail, 0, len(tail)) or re.search(_LABEL, tail, re.IGNORECASE))


def _repeats(text: str, title: str) -> bool:
    """Tell whether a block says what the title says, also if either has the name of the site behind it."""
    if len(text) > 4 * len(title) + 2 * _LONGEST_SITE:
        return False
    said, named = folded(text), folded(title)
    if not said or not named:
        return False
    return said == named or _with_a_site(text, named) or folded(_BEFORE_SITE.split(title)[0]) == said


def _with_a_site(text: str, named: str) -> bool:
    """Tell whether a block is a title and a name: « Title : and what is said of it » goes on instead."""
    return any(
        _SITES_NAME.fullmatch(text, before.end()) and folded(text[: before.start()]) == named
        for before in _BEFORE_SITE.finditer(text)
    )


class _Place(NamedTuple):
    """Where a tail may begin: on a line of its own, or behind an ellipsis, or only behind a sentence.

    `behind`: the end of what is before it, `at`: its first word, `is_spoken`: it is what somebody says, or what
    a sentence comes to: « He whispered: “Read on” ».
    """

    behind: int
    at: int
    on_a_line: bool = False
    is_elided: bool = False
    is_spoken: bool = False


def _without_tail(text: str, end: int, title: str) -> int:
    """Return where the last tail of what stands before `end` begins; `end` if there is none."""
    begin, near = max(0, end - _LONGEST_TAIL), max(0, end - _LONGEST_MARK)
    if mark := _mark(text, near, end):
        return _stripped(text, mark.start(), _BLANK)
    if not _may_have_tail(text, begin, end):
        return end
    places = [_Place(0, _opened(text, 0, end), on_a_line=True)] if begin == 0 else []
    places += [_place(text, m, _opened(text, m.end(), end)) for m in _BOUNDARY.finditer(text, begin, end)]
    tails = (place.behind for place in reversed(places) if _is_tail(text, place, end, title))
    tail = next(tails, None)
    if tail is None:
        tail = _button(text, max(0, near - len(title)), end, title)
    if tail is None:
        tail = _saying(text, begin, end, places)
    return end if tail is None else _stripped(text, tail, _BLANK + _DANGLING)


def _may_have_tail(text: str, begin: int, end: int) -> bool:
    """Tell by a glance at the words whether there may be a tail; most blocks have none."""
    near = level(text[begin:end])
    words = set(_WORD.findall(near))
    last_line = text[text.rfind("\n", begin, end) + 1 : end]
    return (
        not words.isdisjoint(_FIRST_WORDS)
        or not words.isdisjoint(_SAID_WORDS)
        or any(map(str.isdecimal, words))
        or any(part in near for part in _SAID_PARTS)
        or not any(map(str.isalnum, last_line))
    )


def _place(text: str, boundary: re.Match[str], at: int) -> _Place:
    led_to = text[max(0, at - 4) : at].rstrip(_SPEECH + _BLANK).endswith(":")
    return _Place(
        boundary.end(),
        at,
        on_a_line=boundary[1] is not None,
        is_elided=boundary[2] is not None,
        is_spoken=led_to and (text[at : at + 1].islower() or text[at - 1] in _SPEECH),
    )


# What is rare is looked for late: the patterns of it take longer to be made than most feeds to be read.
def _mark(text: str, begin: int, end: int) -> re.Match[str] | None:
    if not _MARK_ENDS.search(text, begin, end):
        return None
    return re.compile(_MARK, re.IGNORECASE).search(text, begin, end)


def _button(text: str, begin: int, end: int, title: str) -> int | None:
    if _FIRST_LABELS.isdisjoint(map(level, _WORD.findall(text, begin, end))):
        return None
    for button in re.compile(_BUTTON, re.IGNORECASE).finditer(text, begin, end):
        rest = text[button.end() : end].strip()
        bare = rest.rstrip(_ARROWS + _BLANK)
        is_link = not bare or folded(bare) == folded(title) != ""
        if is_link and (button[0][0].isupper() or rest != bare):
            return button.start()
    return None


def _saying(text: str, begin: int, end: int, places: list[_Place]) -> int | None:
    near = level(text[begin:end])
    if not any(said in near for said in _SAID):
        return None
    saying = re.compile(_SAYING, re.IGNORECASE | re.DOTALL)
    said = re.compile(_SAYING_BEGINS, re.IGNORECASE).finditer(text, begin, end)
    words = [match.start() for match in said]
    starts = [*((word, word) for word in words), *((place.behind, place.at) for place in places)]
    return next((behind for behind, at in reversed(starts) if saying.match(text, at, end)), None)


def _is_tail(text: str, place: _Place, end: int, title: str) -> bool:
    if place.at == end or _NO_WORD.match(text, place.at, end):
        return place.on_a_line
    word = _WORD.match(text, place.at, end)
    if not word or not (word[0].isdecimal() or level(word[0]) in _FIRST_WORDS):
        return False
    if place.on_a_line and re.compile(_BLOCK, re.IGNORECASE | re.DOTALL).match(text, place.at, end):
        return True
    if place.is_elided and re.compile(_BEHIND_ELLIPSIS, re.IGNORECASE).match(text, place.at, end):
        return True
    label = re.compile(_LABEL, re.IGNORECASE).match(text, place.at, end)
    return label is not None and _is_link(text[label.end() : end], title, place)


def _opened(text: str, place: int, end: int) -> int:
    opening = _OPENS.match(text, place, end)
    return opening.end() if opening else place


def _is_link(rest: str, title: str, place: _Place) -> bool:
    """Tell whether « Read more » and the rest behind it are a link; « Read more books. » is a sentence."""
    if (place.on_a_line or place.is_elided) and _ASIDE.fullmatch(rest):
        return True
    said = rest.strip(f" \t\n\u00a0\u202f.!…:»”\"')]{_ARROWS}-")
    if not said:
        return place.on_a_line or place.is_elided or not (place.is_spoken or rest.rstrip().endswith("."))
    if folded(said) == folded(title) or rest.rstrip().endswith(tuple(_ARROWS)):
        return True
    if _SENTENCE_WITHIN.search(rest):
        return False
    return (
        place.is_elided or bool(_QUOTED.fullmatch(rest)) or (place.on_a_line and rest.lstrip().startswith(":"))
    )


def _stripped(text: str, end: int, signs: str) -> int:
    while end and text[end - 1] in signs:
        end -= 1
    return end
