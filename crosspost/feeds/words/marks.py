"""Small things in the running text that are not its words: marks of footnotes, links to share or to jump."""

import re

from crosspost.text.tree import Element, Step, elements_within, text_within

_SIGNS = r"[*†‡§¶#↩↑↵⤴⏎^︎]"  # with the selector that shows an arrow as text
# What marks a note by itself: `1`, `[2]`, `(3)`, `1, 2`, `1–3`, `*`, `[a]`, `[note 1]`.
_MARK = re.compile(
    rf"\s*(?:\[[^\]]{{1,20}}\]|\(\d{{1,3}}\)|\d{{1,3}}(?:\s*[,;–-]\s*\d{{1,3}})*|{_SIGNS}{{1,4}})\s*"
)
_NUMBER = re.compile(r"\d{1,3}")
# Where a note is, or where it is referred to, by the fragment of a link.
_TO_NOTE = re.compile(
    r"#(?:user-content-)?(?:fn|_?ftn|_?edn|footnote|endnote|sdfootnote|sdendnote|cite_|easy-footnote|note|sn"
    r"|mn|ref|r)[-_:.]?(?:ref)?[-_:.]?[\w.-]*\d|#(?:fn|fnref)[:.-]",
    re.IGNORECASE,
)
_JUMP = re.compile(r"\s*(?:[#¶§🔗∞↩↑↵⤴⏎^︎️]|\^\s*)+\s*")
# Where one shares a page, with each service (unverified, from memory, 2026-11).
_SHARE = re.compile(
    r"(?:https?:)?//(?:[\w-]+\.)*(?:facebook\.com/(?:sharer|share\.php|dialog/(?:share|feed))|(?:twitter"
    r"|x)\.com/(?:intent/|share\b|home\?status=)|linkedin\.com/(?:shareArticle|sharing/|cws/share)"
    r"|pinterest\.[a-z.]+/pin/create|reddit\.com/submit|api\.whatsapp\.com/send|wa\.me/\?"
    r"|web\.whatsapp\.com/send|t(?:elegram)?\.me/share|news\.ycombinator\.com/submitlink"
    r"|getpocket\.com/(?:save|edit)|instapaper\.com/(?:hello2|edit)|tumblr\.com/(?:share|widgets/share)"
    r"|bsky\.app/intent/|threads\.(?:net|com)/intent/|mastodonshare\.com|mastodon\.social/share"
    r"|share\.diasporafoundation|vk\.com/share|vkontakte\.ru/share|connect\.ok\.ru/|xing\.com/(?:spi/shares"
    r"|app/user)|flipboard\.com/bookmarklet|addtoany\.com/|addthis\.com/|sharethis\.com/"
    r"|plus\.google\.com/share|digg\.com/submit|stumbleupon\.com/submit|del\.icio\.us/|delicious\.com/save"
    r"|buffer\.com/add|line\.me/R/|social-plugins\.line\.me|b\.hatena\.ne\.jp/|printfriendly\.com/"
    r"|feeds\.feedburner\.com/~|feeds\.wordpress\.com/[\d.]+/(?:go|comments)|blogger\.com/(?:share-post"
    r"|email-post)|toot\.kytta\.dev|shareaholic\.com/)|mailto:\?|whatsapp://send|fb-messenger://share",
    re.IGNORECASE,
)
_LONGEST_LABEL = 40
"""Characters of a link that only says what it does; a longer one is a sentence that somebody may share."""
# Units of three letters and more that are squared or cubed; shorter words before a raised 2 or 3 are taken for
# units.
_UNITS = frozenset(
    "feet foot inch inches yard yards mile miles meter meters metre metres mètre mètres metro metros metri"
    " quadratmeter centimeter centimeters centimetre centimetres kilometer kilometers kilometre kilometres"
    " millimetre millimetres millimeter kilometro kilometros quilómetros kilomètre kilomètres centimètre"
    " centimètres mol sec rad pixel pixels px mtr mts mtrs log sin cos tan exp lim det ln chi hectometre"
    " decimetre dam acre kms".split()
)
# Words of one or two letters that are no unit: what is raised behind them is a mark.
_SHORT_WORDS = frozenset(
    "of on to we he me my so up do go no or as at be by if am an us it is le la de du en un et ou où tu sa"
    " se si ce ne au il je es er ob zu im um da so wo wie el lo al os em na no um ao è di på og av".split()
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d\Z")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")


def is_mark(raised: Element, before: str, follows_at_once: bool) -> bool:
    """Tell whether a raised text marks a note, and means nothing by itself: `Oil¹`, but not `m²`.

    `before`: the end of what stands before it on its line. `follows_at_once`: whether a letter does behind it.
    """
    text = text_within(raised).strip()
    if any(part.name == "a" and "href" in part.attributes for part in elements_within(raised)):
        return bool(_MARK.fullmatch(text)) or len(text) == 1
    if raised.attributes.get("id", "").lower().startswith(("fnref", "ftnref", "cite_ref", "footnote", "note")):
        return True
    if not _NUMBER.fullmatch(text):
        return bool(_MARK.fullmatch(text)) and (not text.isdigit() and "-" not in text)
    return _marks(text, before, follows_at_once)


def _marks(number: str, before: str, follows_at_once: bool) -> bool:
    """Tell whether a raised number without a link marks a note, by what it stands at."""
    if not before.strip():
        # ¹⁴C has it in front; alone at the beginning of a line, a note itself begins so.
        return not follows_at_once
    if before[-1].isspace():
        return not follows_at_once
    word = _LAST_WORD.search(before)
    if word is None:
        return bool(_YEAR.search(before)) or not (before[-1].isdigit() or _ends_a_formula(before))
    letters = word[0].lower()
    if letters in _UNITS:
        return False
    if letters in _SHORT_WORDS and word[0] != word[0].upper():
        return True
    return len(letters) > 2 or number == "1"


def _ends_a_formula(before: str) -> bool:
    if before[-1] != ")":
        return before[-1] in "′|]}"
    opened = before.rfind("(")
    return opened >= 0 and not re.search(r"[^\W\d_]{3}", before[opened:])


def is_jump(link: Element) -> bool:
    """Tell whether a link only leads to a note, back from it, or to the heading it stands in."""
    href = link.attributes.get("href", "").strip()
    if "#" not in href:
        return False
    text = text_within(link)
    if _TO_NOTE.search(href):
        return bool(_MARK.fullmatch(text) or _JUMP.fullmatch(text) or len(text.strip()) == 1)
    return bool(_JUMP.fullmatch(text)) or (href.startswith("#") and bool(_MARK.fullmatch(text)))


def leads_to_note(mark: Element) -> bool:
    """Tell whether what is none of the words marks a note, and does not lead elsewhere."""
    return mark.name == "sup" or bool(_TO_NOTE.search(mark.attributes.get("href", "")))


def is_button(link: Element) -> bool:
    """Tell whether a link is there to share the page."""
    if not _SHARE.match(link.attributes.get("href", "").strip()):
        return False
    return len(text_within(link).strip()) <= _LONGEST_LABEL


def is_gutter(code: Element, *, beside: Step | None, in_table: bool) -> bool:
    """Tell whether a `<pre>` holds only the numbers of the lines of the code beside it."""
    if not in_table and not (isinstance(beside, Element) and beside.name == "pre"):
        return False
    numbers = text_within(code).split()
    return len(numbers) > 1 and all(
        number.isdecimal() and int(number) == int(numbers[0]) + at for at, number in enumerate(numbers)
    )
