"""Where sentences end, in the scripts and languages that blogs are written in."""

import re
from collections.abc import Iterator

# A sentence ends in punctuation with what closes behind it: quotation marks, also French ones with their space.
# In Chinese and Japanese no space follows. (A match begins where the punctuation does, and gives nothing back:
# a page full of dots stays cheap.)
_CLOSING = r"(?:[\u00a0\u202f]?[»”’\"')\]」』）]| »(?=[ \t\n,]|$))*+"
_END = re.compile(
    rf"(?<![.!?…。！？])(?:[.!?…।؟۔]++{_CLOSING}(?=[ \t\n\r]|$)|[.!?…]*+[。！？][。！？…]*+{_CLOSING})"
)
_NEXT = re.compile(r"[ \t]+[«“‘\"'(\[¿¡–—-]{0,3}[ \u00a0\u202f]?(\w)")
_WORD_BEFORE = re.compile(r"(?:^|[^\w.\-])([\w.\-]{1,12})$")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.-?)*[^\W\d_]")
"""Initials, `U.S`, `z.B`, `p.m`."""
_ORDINAL = re.compile(
    r"(?:^|\n|\b(?:am|vom|zum|beim|im|der|die|das|den|dem|des|bis|ab|seit)\s)(?:\d{1,2}|[IVX]{1,5})$",
    re.IGNORECASE,
)
"""German ordinals, `am 3. Mai`, and the numbers of a list."""
# No sentence ends behind these, whatever follows: titles of people, and what stands in the midst of a sentence.
_ABBREVIATIONS = frozenset(
    # English
    "Mr Mrs Ms Dr Prof Sr Jr St Mt Rev Hon Gen Col Sgt Capt Lt Gov Sen Rep vs approx cf etc ibid al Inc Ltd"
    # French
    " Corp Co M MM Mme Mlle Me Pr Ste ex av apr J.-C env tél"
    # German
    " bzw ca Hr Fr usw vgl ggf evtl inkl exkl sog geb Mio Mrd Chr Str Tel Dipl Ing"
    # Spanish, Portuguese, Italian
    " Sra Srta Dra Ud Uds EE UU ej aprox Av Sig dott Dott prof ecc pag"
    # Dutch, Swedish, Danish, Norwegian, Polish
    " dhr mevr bijv enz blz resp dvs osv bl kl f.eks np itd itp m.in tzw tj ul".split()
)
# … and behind these only where a number follows: `p. 12`, `No. 5`, `Jan. 3`.
_BEFORE_NUMBERS = frozenset(
    "No Nos no nos Nr nr núm Núm num n p pp P S s Abb Fig fig Vol vol Bd Kap Chap chap Cap cap Art art pág págs"
    " str sv Ch ch sec Sec Ed ed max min bd Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec"
    " janv févr juil".split()
)
_LONGEST_BEFORE = 14


def sentence_ends(text: str) -> Iterator[int]:
    """Yield behind which characters of a text a sentence ends, in order."""
    return (match.end() for match in _END.finditer(text) if not _goes_on(text, match))


def last_sentence_end(text: str) -> int:
    """Return behind which character of a text its last whole sentence ends; 0 if none does."""
    # From the end: what looks like one is looked at closely only until one is.
    ends = reversed(list(_END.finditer(text)))
    return next((match.end() for match in ends if not _goes_on(text, match)), 0)


def ends_whole(text: str) -> bool:
    """Tell whether a text ends as a sentence does."""
    text = text.rstrip()
    # What closes behind it is short: one look at the end will do.
    return any(match.end() == len(text) for match in _END.finditer(text, max(0, len(text) - 20)))


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Tell whether a sentence goes on behind what looks like its end: `« Quoi ? » dit-il`, `p. 12`, `z. B.`."""
    following = _NEXT.match(text, match.end())
    if not following:
        return False
    if following[1].islower():
        return True
    if match[0] != ".":
        return False
    so_far = text[max(0, match.start() - _LONGEST_BEFORE) : match.start()]
    word_before = _WORD_BEFORE.search(so_far)
    word = word_before[1] if word_before else ""
    return bool(
        word in _ABBREVIATIONS
        or _INITIALS.fullmatch(word)
        or (word in _BEFORE_NUMBERS and following[1].isdigit())
        or _ORDINAL.search(so_far)
    )
