"""What engines say of entries that not everybody may read, in the languages they say it in."""

import pytest

from crosspost.model import Entry
from crosspost.policy.oddities import is_protected


def entry(title: str = "Family", summary: str = "Some words.", content: str = "") -> Entry:
    return Entry(feed="blog", title=title, permalink="https://blog.example/a", summary=summary, content=content)


@pytest.mark.parametrize(
    "title",
    "Protected: Family|Protégé : Famille|Protégé\u00a0: Famille|Privé : Famille|Geschützt: Familie"
    "|Protegido: Familia|Protetto: Famiglia|Beveiligd: Familie|Zabezpieczony: Rodzina"
    "|Lösenordsskyddad: Familj|Beskyttet: Familie|保護中: 家族|密码保护：家庭|Защищено: Семья".split("|"),
)
def test_a_title_that_says_so(title: str) -> None:
    assert is_protected(entry(title=title))


@pytest.mark.parametrize(
    "title",
    "Protected areas of France: a map|protected: a keyword|Unprotected: a play|The Private: a play".split("|"),
)
def test_a_title_about_something_else(title: str) -> None:
    assert not is_protected(entry(title=title))


@pytest.mark.parametrize(
    "words",
    [
        "There is no excerpt because this is a protected post.",
        "This content is password protected. To view it please enter your password below:",
        "Il n’y pas d’extrait, car cet article est protégé.",
        "Il n'y a pas d'extrait, car cette publication est protégée.",
        "Es gibt keine Kurzfassung, da dies ein geschützter Beitrag ist.",
        "No hay extracto porque es una entrada protegida.",
        "Non è disponibile alcun riassunto in quanto si tratta di un articolo protetto.",
        "Não há resumo porque este é um post protegido.",
        "Er is geen samenvatting omdat dit een beveiligd bericht is.",
        "Brak wypisu, ponieważ wpis jest zabezpieczony hasłem.",
        "Det finns inget utdrag eftersom det här är ett skyddat inlägg.",
        "この投稿はパスワードで保護されているため抜粋文はありません。",
        "Family\n\nThis content is password\u00a0protected.",
    ],
)
def test_words_that_say_so(words: str) -> None:
    assert is_protected(entry(summary=words))
    assert is_protected(entry(summary="", content="".join(f"<p>{line}</p>" for line in words.split("\n"))))


def test_words_about_protection_are_none() -> None:
    assert not is_protected(entry(summary="WordPress then says: “This content is password protected.”"))
