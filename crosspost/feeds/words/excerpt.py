"""What an entry says in short: its author's summary, or as much of its content as the engine meant to show."""

import re
import unicodedata

from crosspost.feeds.words.edges import begins, ends, was_shortened
from crosspost.feeds.words.heads import FILLER, NOTHING
from crosspost.feeds.words.line import shortened
from crosspost.feeds.words.squeeze import squeezed, squeezed_with_places
from crosspost.text import ends_whole, sentence_ends
from crosspost.text.cut import ELLIPSIS

_LONGEST = 10_000
"""More characters than any network has room for."""
_GOOD_PART = 0.6
"""A summary may be cut back to a sentence that keeps this share of it."""
_LONGEST_REST = 400
"""So many characters more than the engine showed may end its last sentence."""
_SEARCHED = 160
"""Search engines show so much of a description; authors write it as one line, often without a full stop."""
_LONGEST_HANDLE = 30
_SHORTEST = 4
_SPACES = re.compile(r"[ \u00a0\u202f]{2,}")
_LOOSE = " ,;:–—-([{«“&/\u00a0\u202f"
_DANGLING = re.compile(
    r"[,;–—(\[«“&-]$|(?<!\w)(?:the|an?|of|to|in|and|or|with|for|at|by|from|is|was|le|la|les|un|une|des?|du|et|ou|à"
    r"|au|aux|en|qui|que|dans|pour|avec|der|die|das|ein|eine|und|oder|mit|von|zu|im|el|los|las|y|con|il|e|di"
    r"|da|do|dos|het|een|en|van|och|att|som|i|w|z|na)$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:https?://|[#@])\S+$", re.IGNORECASE)
_ELIDED = ("…", "..")
_LINE_ENDS = re.compile(r"(?<![\s:,;–-])\s*\n")
_PASSWORD_FORM = re.compile(
    r"<form[^<>]*post-password-form|<input[^<>]*name=[\"']?post_password", re.IGNORECASE
)
_PROTECTED = "This content is password protected."


def excerpt(written: str, opening: str, title: str) -> str:
    """Return what an entry says in short, at most 10,000 characters; "" if nothing but its title.

    `written`: its author's summary as text, `opening`: the words its content begins with.
    """
    summary, is_shortened = _cleaned(written, title)
    content, _ = _cleaned(opening, title)
    said = _whole(summary, content, is_shortened=is_shortened) or content
    # An entry that is only a caption still says that; one without any words would not be announced.
    said = said or ("" if title or _is_nothing(written or opening) else (written or opening).strip())
    return shortened(_SPACES.sub(_one_space, said), _LONGEST)


def protected(markup: str) -> str:
    """Return the sentence that stands for WordPress's password form, "" if there is none in this HTML."""
    return _PROTECTED if _PASSWORD_FORM.search(markup[:10_000]) else ""


def _cleaned(text: str, title: str) -> tuple[str, bool]:
    """Return a text without what engines put around it, and whether that says that it goes on elsewhere."""
    lines = text.split("\n")
    first, last = 0, len(lines)
    while first < last and (not lines[first].strip() or begins(lines[first], title)):
        first += 1
    was_cut = False
    while first < last:
        line = lines[last - 1]
        end = ends(line, title) if line.strip() else 0
        was_cut = was_cut or was_shortened(line[end:])
        if end:
            lines[last - 1] = line[:end]
            break
        last -= 1
    if first < last:
        lines[first] = _without_caption(lines[first])
    cleaned = "\n".join(lines[first:last]).strip()
    return ("", False) if _is_nothing(cleaned) else (cleaned, was_cut)


def _without_caption(line: str) -> str:
    """Return a line without a caption or credit that is its first sentence."""
    end = next(iter(sentence_ends(line[:_SEARCHED])), len(line))
    return line[end:].lstrip() if end < len(line) and begins(line[:end], "") else line


def _is_nothing(text: str) -> bool:
    """Tell of words whether they are none: what programs leave, or the text of an unfinished template."""
    begin = re.sub(r"&#?\w{1,8};", " ", text[:_SEARCHED])
    words = " ".join(re.findall(r"\w+", begin)).casefold()
    if not words:
        return not any(unicodedata.category(sign) == "So" for sign in begin)  # an emoji may say it all
    return words in NOTHING or words.startswith(FILLER)


def _whole(summary: str, content: str, *, is_shortened: bool) -> str:
    """Return a summary that ends as a text does: by the content, where it is a beginning of that."""
    is_elided = summary.endswith(_ELIDED)
    if not 0 < len(summary) < _LONGEST / 2 or (ends_whole(summary) and not is_elided):
        return summary
    if beginning := _beginning(summary, content):
        return beginning
    if is_elided or not (is_shortened or _ends_too_early(summary)):
        return summary
    sentences = sentence_ends(summary)
    if sentences and sentences[-1] >= _GOOD_PART * len(summary):
        return summary[: sentences[-1]]
    return summary.rstrip(_LOOSE) + ELLIPSIS


def _ends_too_early(summary: str) -> bool:
    """Tell of a summary that ends without a mark whether that is in mid-sentence."""
    line = summary[summary.rfind("\n") + 1 :]
    if _DANGLING.search(line):
        return True
    is_open = line[-1:].isalnum() and not _NAMED.search(line[-_SEARCHED:])
    return is_open and (bool(sentence_ends(line)) or len(line) > _SEARCHED)


def _beginning(summary: str, content: str) -> str:
    """Return the beginning of the content that a summary shows, to the end of a sentence, or ""."""
    short = squeezed(summary)
    near = content[: 2 * len(summary) + 4 * _LONGEST_REST]
    long, places = squeezed_with_places(near)
    found = _found(short, long)
    if found is None or len(short) < _SHORTEST or found[1] == len(long):
        return content if found and ends_whole(content) and len(near) == len(content) else ""
    begin, shown = _start(near, places[found[0]]), places[found[1] - 1] + 1
    if begin is None:
        return ""
    ends_there = sorted({*sentence_ends(near), *(match.start() for match in _LINE_ENDS.finditer(near))})
    if len(near) == len(content):
        ends_there.append(len(near))
    after = next((end for end in ends_there if end >= shown), len(near))
    if after - shown <= _LONGEST_REST:
        return near[begin:after]
    before = max((end for end in ends_there if begin < end < shown), default=begin)
    return near[begin:before] if before - begin >= _GOOD_PART * (shown - begin) else ""


def _start(text: str, place: int) -> int | None:
    """Return where the line or sentence begins whose first letter is at `place`; None if none begins there."""
    while place and not text[place - 1].isspace() and not text[place - 1].isalnum():
        place -= 1  # quotation marks
    before = text[:place].rstrip(" \u00a0\u202f")
    return place if not before or before.endswith("\n") or ends_whole(before) else None


def _found(short: str, long: str) -> tuple[int, int] | None:
    """Return from where to where in the letters of a content those of a summary stand; None if they do not.

    Either may have something before the beginning, a heading or a caption, and something in the midst that the
    other lacks.
    """
    at = long.find(short)
    if at >= 0:
        return at, at + len(short)
    head = long[:_LONGEST_HANDLE]
    at = short.find(head) if head else -1
    if at >= 0 and long.startswith(short[at:]):
        return 0, len(short) - at
    if len(short) < 2 * _LONGEST_HANDLE:
        return None
    at, tail = long.find(short[:_LONGEST_HANDLE]), long.find(short[-_LONGEST_HANDLE:])
    behind = tail + _LONGEST_HANDLE
    return (at, behind) if 0 <= at < tail and 0.5 * len(short) <= behind - at <= 2 * len(short) else None


def _one_space(match: re.Match[str]) -> str:
    """Keep one of several spaces: a non-breaking one where French has it, before or behind a sign."""
    text, place = match.string, match.end()
    before, after = text[max(0, match.start() - 1) : match.start()], text[place : place + 1]
    tied = match[0].strip(" ")[:1]
    return tied if tied and (after in tuple("!?:;»%€") or before == "«") else " "
