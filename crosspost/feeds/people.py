"""Who wrote an entry: names, out of whatever a feed puts where names belong. Never an address."""

import re
from collections.abc import Iterable
from functools import lru_cache

from crosspost.feeds.raw import Markup
from crosspost.feeds.words.line import line
from crosspost.text import folded

_MOST = 20
_LONGEST = 100
_LONGEST_WRITTEN = 1_000

_AT = re.compile(r"[＠﹫]|%40|(?<=\w)_at_(?=\w)|\s*[\[({<]\s*(?:at|@|arobase|chez)\s*[\])}>]\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*[\[({<]\s*(?:dot|point|punkt|\.)\s*[\])}>]\s*", re.IGNORECASE)
# `jane at mail dot com`, `jane at mail.com`: as people write what machines shall not find.
_SPELT = re.compile(
    r"[\w.+-]+\s+(?:at|@)\s+[\w-]+(?:(?:\s+(?:dot|point|punkt)\s+|\.)[\w-]+)+|[\w.+-]+@[\w-]+(?:\s+dot\s+\w+)+",
    re.IGNORECASE,
)
# An address with the brackets around it, and its `mailto:`.
_ADDRESS = re.compile(
    r"""<[^<>]*@[^<>]*>|\([^()]*@[^()]*\)|\[[^\[\]]*@[^\[\]]*\]|"[^"]*"@[^\s<>()\[\],;]*|[^\s<>()\[\],;"]*@[^\s<>()\[\],;"]*"""
)
_HANDLE = re.compile(r"@([\w.-]*\w)")
_LINK = re.compile(
    r"<?(?:(?:https?|mailto):[^\s<>()]*|\b(?:ftp|acct|xmpp|tel|urn|tag):[^\s<>()]+)>?"
    r"|<?(?<!\w)www\.[^\s<>()]*>?|<?(?<![^\s<(])(?:(?:[\w-]+\.)+[a-z]{2,}/[^\s<>()]*|/[\w./-]*)>?",
    re.IGNORECASE,
)
_GONE = "\0"  # stands where an address was: what follows a comma there is another person
_BETWEEN = re.compile(rf";|{_GONE}[\s{_GONE}]*(?:[,/|&]|\b(?:and|et|und|y|e|en|og|och)\b)|[,/|&]\s*(?={_GONE})")
_BYLINE = re.compile(
    r"^(?:(?:written|posted|published|submitted|écrit|publié|posté|rédigé|geschrieben|escrito|scritto)\s+(?:by|par|von|por|da)"
    r"|by|par|por|(?:author|auteur|autrice|autor|autora|autore|verfasser)s?(?=\s*:))\b[\s:]+",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"\(\s*\)|<\s*>|\[\s*\]|\{\s*\}|\"\s*\"|“\s*”|«\s*»")
_EDGES = " \t\u00a0,;:|/\\-–—·•*&<>=_"
_EMBRACED = (("(", ")"), ("[", "]"), ('"', '"'), ("“", "”"), ("'", "'"), ("<", ">"))
# What engines and their first set-up call somebody of whom they know nothing: WordPress, Blogger, Joomla, Hexo
# (whose configuration begins with John Doe), Nikola, Eleventy's starter; and what a template writes for nothing
# (all unverified).
_NOBODY = frozenset(
    map(
        folded,
        (
            "admin,administrator,administrateur,administrador,amministratore,beheerder,site admin,"
            "wp admin,super user,root,webmaster,postmaster,no reply,do not reply,nobody,unknown,"
            "unknown author,anonymous,anonyme,anonym,anónimo,inconnu,auteur inconnu,unbekannt,"
            "desconocido,desconhecido,sconosciuto,onbekend,okänd,ukjent,ukendt,author,user,default,none,"
            "null,nil,undefined,nan,untitled,true,false,[object Object],John Doe,Your Name,by,par,"
            "Your Name Here,Author Name"
        ).split(","),
    )
)


def names(written: Iterable[str]) -> tuple[str, ...]:
    """Return the names in what a feed says of its authors, each once; an address or a link is none.

    Several in one field stay together as written (`Jane and Joe`), but for those parted by `;` or by addresses.
    """
    kept: dict[str, str] = {}
    for field in written:
        for name in _names(field[:_LONGEST_WRITTEN]):
            if len(kept) < _MOST:
                kept.setdefault(name.casefold(), name)
    return tuple(kept.values())


@lru_cache(maxsize=500)  # a feed has a few authors, and names them in each entry
def _names(field: str) -> tuple[str, ...]:
    named = map(_name, _parts(line(Markup(field, "guess"))))
    return tuple(name for name in named if any(map(str.isalnum, name)) and folded(name) not in _NOBODY)


def _parts(text: str) -> list[str]:
    """Take addresses and links out of a field, and part the people in it."""
    text = _DOT.sub(".", _AT.sub("@", text)) if _AT.search(text) else text
    if handle := _HANDLE.fullmatch(text.strip()):
        return [handle[1]]
    for pattern in (_SPELT, _ADDRESS, _LINK):
        text = pattern.sub(_GONE, text)
    return [part.replace(_GONE, " ") for part in _BETWEEN.split(text)]


def _name(part: str) -> str:
    """Tidy a name: without the brackets that held an address or the name, and without a byline's words."""
    before = None
    while part != before:
        before = part
        part = _EMPTY.sub(" ", part)
        part = re.sub(r"\s{2,}", " ", part).strip(_EDGES)
        for opened, closed in _EMBRACED:
            inside = part[1:-1]
            if (
                part.startswith(opened)
                and part.endswith(closed)
                and opened not in inside
                and closed not in inside
            ):
                part = inside
            if part.count(opened) != part.count(closed) and opened != closed:
                part = part.strip(opened + closed)
        part = _BYLINE.sub("", part, count=1)
    return part[:_LONGEST].strip()
