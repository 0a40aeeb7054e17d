"""Entries full of what networks act on or count otherwise, the same ones for the same seed."""

from collections.abc import Iterator
from random import Random

from crosspost.model import Entry

HOSTS = (
    "blog.example.org medium.com deno.land gpt.store www.bbc.co.uk sub_domain.tumblr.com xn--bcher-kva.de"
    " bücher.de 日本語.jp example.com:8443 i❤.ws пример.рф"
).split()
PATHS = (
    "/ /a /@you/x /@you /users/@you /記事/春 /a’b /x. /x! /x, /x’ /— /{a}^ /🎉/x /été /e\u0301te\u0301"
    " /статья /مقال /한국어 /wiki/Foo_(bar) /((( /a(b /%E3%81%82 /a%20b. /[x] /a|b"
    " /~you /a/-/b /$x /a:b;c=d /a* /.well-known"
).split()
QUERIES = ("", "", "", "?a=$b", "?q=é", "?q=記事", "?a=1&b=2", "?a=b.", "?q=c+", "?q=(a)", "?@you", "?p=1&")
FRAGMENTS = ("", "", "", "#x", "#記事", "#a.", "#/a?b=1")
WORDS = (
    "un mot l’été «\u00a0Oui\u00a0!\u00a0» deno.land README.md Socket.io Hello.World example.com. Then"
    " café.fr 3.5 v1.2.3 node.js,deno.com (see_gpt.store) @marie @twitter.com ＠eva RT@luc"
    " @a-b.com/x @x_y.dev.io me@mail.com $TSLA $TVI.CA $brk.b.com $20 US$5 #été #日本語 #deno.land 漢字"
    " 日本語のブログ。 のdeno.landを"
    " שלום مرحبا हिन्दी ภาษา 한국어 привет"
    " 👩‍👩‍👧‍👦 👍🏽 🇨🇦 🇨🇦🇫🇷 1️⃣ ❤️ ☺ 🤏🏻 🫠 🧑‍🎄 👱‍♂ 🏴󠁧󠁢󠁳󠁣󠁴󠁿"
    " © ™ e\u0301te\u0301 a\u0323\u0301 \u200b… — ... -deno.land /x.com foo@bar.com"
).split(" ")


def link(random: Random) -> str:
    parts = (random.choice(HOSTS), random.choice(PATHS), random.choice(QUERIES), random.choice(FRAGMENTS))
    return random.choice(("https://", "http://")) + "".join(parts)


def words(random: Random, most: int) -> str:
    made = ""
    for _ in range(random.randint(0, most)):
        made += random.choice(WORDS) if random.random() < 0.9 else link(random)
        made += random.choice((" ", " ", " ", " ", " ", "\n", ". ", ", ", "", "\u3000"))
    return made.strip()


def strange_entries(number: int, *, seed: int) -> Iterator[Entry]:
    random = Random(seed)
    for _ in range(number):
        yield Entry(
            feed="blog",
            title=words(random, random.choice((6, 12, 80))),
            summary=words(random, random.choice((0, 20, 120))),
            permalink=link(random),
            categories=tuple(words(random, 2) for _ in range(random.randint(0, 3))),
        )
