"""Shortcodes: what stands in square brackets for a plug-in, told from ordinary brackets by its shape."""

import re
from collections.abc import Iterable

# `[name attributes]` or `[/name]`; not escaped, and not before what makes it a link in Markdown.
_CODE = re.compile(r"(?<![\[!\\])\[(/?)([A-Za-z][\w-]{0,60})((?:[\s=/][^\[\]]{0,2000})?)\](?![(\]:])")
_NOTE_MARK = re.compile(r"\[\^[^\s\[\]]{1,40}\]")
"""The mark of a note in Markdown, of an engine that knows no notes."""
_END = re.compile(r"\[/([A-Za-z][\w-]{0,60})\]")
_ATTRIBUTE = re.compile(r"\s[A-Za-z_][\w:-]*=[\"'“”„«‘’′″\w#./-]|\s[\"“”]\S|\shttps?://|^=[\"“”]?\S")
# Those that may stand without attributes: WordPress's own (`media.php` and `class-wp-embed.php` of 6.1.9, read
# 2026-11), Jetpack's and those of plug-ins (unverified, from memory, 2026-11). The others have a shape that
# ordinary words in brackets do not have.
_KNOWN = frozenset(
    "gallery caption playlist wp_caption embed googlemaps googlemap ninja_form gravityform gravityforms"
    " wpforms contact-form contact-form-7 contact-field sharethis addtoany addthis addtoany_follow"
    " jetpack_subscription_form recaptcha youtube vimeo dailymotion soundcloud spotify tiktok slideshare"
    " scribd archives sitemap slideshow nextpage tweetmeme toc no_toc ez-toc lwptoc woocommerce_cart"
    " woocommerce_checkout woocommerce_my_account products mailpoet_form mc4wp_form simple-social-share"
    " related_posts yarpp jp-relatedposts easy_media_download adsense ads latex su_spacer divider spacer"
    " ithemes fusion_builder_container et_pb_section et_pb_row et_pb_column et_pb_text vc_row vc_column"
    " vc_column_text".split()
)
# As words of an author these are likelier, unless they stand alone.
_ALSO_WORDS = frozenset(
    "video audio code more quote button table map form poll quiz row column tabs tab box clear hr br".split()
)
_DROPPED_WITH_WORDS = frozenset(
    "caption wp_caption embed youtube vimeo audio video playlist gallery latex tweet".split()
)


def shortcodes(text: str) -> list[tuple[int, int]]:
    """Return where shortcodes stand in the text of a line, in order, with the captions that some enclose.

    The marks of notes are among them.
    """
    if "[" not in text:
        return []
    ends = {end[1].lower(): end.start() for end in _END.finditer(text)}
    found: list[tuple[int, int]] = []
    enclosing = ""
    for code in _CODE.finditer(text):
        name = code[2].lower()
        if enclosing:
            if code[1] and name == enclosing:
                found[-1] = (found[-1][0], code.end())
                enclosing = ""
        elif _is_code(code, is_closed=ends.get(name, -1) > code.start(), after=found[-1][1] if found else 0):
            found.append(code.span())
            if not code[1] and name in _DROPPED_WITH_WORDS and ends.get(name, -1) > code.start():
                enclosing = name
    return _apart(sorted([*found, *(mark.span() for mark in _NOTE_MARK.finditer(text))]))


def _apart(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places in their order, but for those that begin within another."""
    apart: list[tuple[int, int]] = []
    for begin, end in places:
        if not apart or begin >= apart[-1][1]:
            apart.append((begin, end))
    return apart


def _is_code(code: re.Match[str], *, is_closed: bool, after: int) -> bool:
    """Tell a shortcode from words in brackets; `after`: where the last one before it ends."""
    name, text = code[2].lower(), code.string
    if code[1] or is_closed or _ATTRIBUTE.search(code[3]):
        return True
    before = text[code.start() - 1] if code.start() > after else ""
    if code[3].strip(" /") or before.isalnum() or before in ("]", "_"):  # `array[index_of]`, `[some words]`
        return False
    if "_" in name or name in _KNOWN:
        return True
    alone = len(text) < len(code[0]) + 10 and text.strip() == code[0]
    return (alone and name in _ALSO_WORDS) or ("-" in name and (alone or any(map(str.isdigit, name))))
