"""What an entry says in short: its author's summary, or as much of its content as the engine meant to show."""

import re
import unicodedata

from crosspost.feeds.words.edges import begins, ends, is_word, was_shortened
from crosspost.feeds.words.heads import FILLER, NOTHING
from crosspost.feeds.words.line import shortened
from crosspost.feeds.words.notes import without_notes
from crosspost.text import (
    ends_whole,
    folded,
    folded_with_places,
    last_sentence_end,
    sentence_ends,
    single_spaced,
)
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
_LONGEST_CUT = 1_500
"""Characters of a summary that are compared to a content: no engine cuts longer ones."""
_SHORTEST = 4
_MOST_ROUNDS = 4
_LOOSE = " ,;:–—-([{«“&/\u00a0\u202f"
# What no sentence ends in: « la lumière et le ». Lower case alone: « Vitamin A ».
_DANGLING = re.compile(
    r"[,;–—(\[«“&-]$|(?<!\w)(?:the|an?|of|and|or|le|la|les|un|une|des?|du|et|ou|à|aux?|qui|que|der|die|das|ein|eine"
    r"|und|oder|el|los|las|het|een|och|att)$"
)
_NAMED = re.compile(r"(?:https?://|[#@])\S+$", re.IGNORECASE)
_ELIDED = ("…", "..")
_LINE_ENDS = re.compile(r"(?<![\s:,;–-])\s*\n")
_PASSWORD_FORM = re.compile(
    r"<form[^<>]*post-password-form|<input[^<>]*name=[\"']?post_password", re.IGNORECASE
)
_PROTECTED = "This content is password protected."  # by these words `policy.protected` knows it


def excerpt(written: str, quotable: str, title: str, *, beginning: str = "", goes_on: bool = False) -> str:
    """Return what an entry says in short, at most 10,000 characters; "" if nothing but its title.

    `written`: its author's summary as text, `quotable`: those words of its content that may be said,
    `beginning`: how the content begins as an engine sees it, with notes and code, `goes_on`: whether the
    content says that more follows.
    """
    said = _said(written, quotable, title, beginning, goes_on=goes_on)
    is_untouched = said == (written or quotable) and ends_whole(said)
    for _ in range(0 if is_untouched else _MOST_ROUNDS):  # what one cut lays bare is cut, too
        before, said = said, _said(said, "", title, "", goes_on=False)
        if said == before:
            break
    # An entry that is only a caption still says that; one without any words would not be announced.
    raw = (written or quotable).strip()
    if not said and is_word(quotable) and not (begins(quotable, title) or _is_nothing(quotable)):
        return quotable
    return said or ("" if title or _is_nothing(raw) else _tidied(raw))


def _said(written: str, quotable: str, title: str, beginning: str, *, goes_on: bool) -> str:
    summary, is_shortened = _cleaned(written, title)
    content, is_open = _cleaned(quotable, title) if quotable else ("", False)
    if not summary:
        return _tidied(_ended(content, is_shortened=is_open or goes_on))
    if content and _is_by_engine(summary, beginning):
        return _tidied(_beginning(summary, content) or _as_long(content, len(summary)))
    return _tidied(_whole(summary, content, is_shortened=is_shortened))


def _tidied(text: str) -> str:
    return shortened(single_spaced(text), _LONGEST).strip()


def protected(markup: str) -> str:
    """Return the sentence that stands for WordPress's password form, "" if there is none in this HTML."""
    return _PROTECTED if _PASSWORD_FORM.search(markup[:10_000]) else ""


def _cleaned(text: str, title: str) -> tuple[str, bool]:
    """Return a text without what engines put around it, and whether that says that it goes on elsewhere."""
    lines = without_notes(text).split("\n")
    was_cut = False
    while lines:
        line = lines.pop()
        end = ends(line, title) if line.strip() else 0
        was_cut = was_cut or was_shortened(line[end:])
        if end:
            lines.append(line[:end])
            break
    first = 0
    while first < len(lines) and (not lines[first].strip() or begins(lines[first], title)):
        first += 1
    if first < len(lines):
        lines[first] = _without_caption(lines[first])
    cleaned = "\n".join(lines[first:]).strip()
    return ("", False) if _is_nothing(cleaned) else (cleaned, was_cut)


def _without_caption(line: str) -> str:
    """Return a line without a caption or credit that is its first sentence."""
    end = next(sentence_ends(line[:_SEARCHED]), len(line))
    return line[end:].lstrip() if end < len(line) and begins(line[:end], "") else line


def _is_nothing(text: str) -> bool:
    """Tell of words whether they are none: what programs leave, or the text of an unfinished template."""
    begin = re.sub(r"&#?\w{1,8};", " ", text[:_SEARCHED])
    words = " ".join(re.findall(r"\w+", begin)).casefold()
    if not words:
        return not any(unicodedata.category(sign) == "So" for sign in begin)  # an emoji may say it all
    return words in NOTHING or words.startswith(FILLER)


def _is_by_engine(summary: str, beginning: str) -> bool:
    """Tell whether a summary is what an engine cut off the content, notes and code and all."""
    short = folded(summary[:_LONGEST_CUT])
    return len(short) >= _LONGEST_HANDLE and folded(beginning[: 2 * _LONGEST_CUT]).startswith(short)


def _as_long(content: str, length: int) -> str:
    """Return the beginning of a content that is about so long and ends where a sentence does."""
    near = content[: length + 2 * _LONGEST_REST]
    return _until(near, 0, min(length, len(near)), whole=len(near) == len(content)) or content


def _whole(summary: str, content: str, *, is_shortened: bool) -> str:
    """Return a summary that ends as a text does: by the content, where it is a beginning of that."""
    is_shortened = is_shortened or summary.endswith(_ELIDED)
    if content and len(summary) < _LONGEST / 2 and (is_shortened or not ends_whole(summary)):
        summary = _beginning(summary, content) or summary
    return _ended(summary, is_shortened=is_shortened)


def _ended(text: str, *, is_shortened: bool) -> str:
    """Return a text without the sentence it ends in the midst of, or with a mark that it does."""
    if ends_whole(text) or not (is_shortened or _ends_too_early(text)):
        return text
    last = last_sentence_end(text)
    if last and last >= _GOOD_PART * len(text):
        return text[:last]
    return text.rstrip(_LOOSE) + ELLIPSIS


def _ends_too_early(text: str) -> bool:
    """Tell of a text that ends without a mark whether that is in mid-sentence."""
    line = text[text.rfind("\n") + 1 :]
    if _DANGLING.search(line):
        return True
    is_open = line[-1:].isalnum() and not _NAMED.search(line[-_SEARCHED:])
    return is_open and (len(line) > _SEARCHED or any(sentence_ends(line)))


def _beginning(summary: str, content: str) -> str:
    """Return the beginning of the content that a summary shows, to the end of a sentence, or ""."""
    short, _ = folded_with_places(summary)
    near = content[: 2 * len(summary) + 4 * _LONGEST_REST]
    long, places = folded_with_places(near)
    found = _found(short, long) if len(short) >= _SHORTEST else None
    if found is None or found[1] == len(long):
        return content if found and ends_whole(content) and len(near) == len(content) else ""
    begin, shown = _start(near, places[found[0]]), places[found[1] - 1] + 1
    if begin is None:
        return ""
    return _until(near, begin, shown, whole=len(near) == len(content))


def _until(near: str, begin: int, shown: int, *, whole: bool) -> str:
    """Return a text from `begin` to the end of the sentence that `shown` is in; "" if that is too far away.

    `whole`: it ends where the content ends.
    """
    ends_there = sorted({*sentence_ends(near), *(match.start() for match in _LINE_ENDS.finditer(near))})
    if whole:
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
