"""The posts that every engine is given, and the life of their blog."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post as its author wrote it. `day`: of November 2026, at nine."""

    slug: str
    title: str
    day: int
    tags: Sequence[str]
    body: str
    password: str = ""

    @property
    def date(self) -> str:
        return f"2026-11-{self.day:02} 09:00:00"


PRICE = Post(
    slug="prix-d-un-conseil",
    title="Le prix d’un conseil : « combien ? »",
    day=2,
    tags=("Métier", "Argent"),
    body="""Un conseil a un prix. Encore faut-il le dire à voix haute, et *avant* de commencer[^1].

![Une table et deux chaises](/images/table.jpg)

On en parle peu. Voir aussi [nos tarifs](/tarifs/) et le reste.

[^1]: C’est une note.
""",
)
CODE = Post(
    slug="r-and-d",
    title="R&D: why List<int> beats <div>",
    day=4,
    tags=("C#", "R&D"),
    body="""Research & development is where a small company wins. It costs less than one fears.

```
for (int i = 0; i < 3; i++) {
    print(i);
}
```

| a | b |
|---|---|
| 1 | 2 |

And that's it.
""",
)
TEA = Post(
    slug="tea",
    title="Tea & It's “quotes”",
    day=6,
    tags=("Uncategorized",),
    body="""Tea first. Then the mail, then nothing for an hour: that is the whole method, and it works.

<!-- more -->

The rest of the day belongs to customers, who do not read feeds.
""",
)
GARDEN = Post(
    slug="jardin",
    title="Le jardin d’hiver",
    day=20,
    tags=("Métier",),
    body="""Rien ne pousse en novembre. C’est le moment de tailler, de ranger et de compter ce qui reste. On
croit perdre son temps ; on en gagne. Une heure passée à trier vaut une journée au printemps, quand
tout presse et que rien n’est à sa place. Les outils d’abord, puis les graines, puis le carnet où
l’on note ce qui a manqué.
Et le café ☕, bien sûr.

Demain, on sème.
""",
)
LEDGER = Post(
    slug="ledger",
    title="A ledger for one",
    day=21,
    tags=("Money",),
    body="""One book, two columns, ten minutes a week. Nobody needs more to know where the money went.

Try it for a month. 🙂
""",
)
SECRET = Post(
    slug="secret",
    title="For customers",
    day=21,
    tags=("Money",),
    body="Our prices of next year.\n",
    password="x",
)
"""Only WordPress knows such posts."""
FIRST = (PRICE, CODE, TEA)
ALL = (*FIRST, GARDEN, LEDGER)
EDITED = tuple(
    replace(post, title="Le jardin d’hiver, version corrigée")
    if post is GARDEN
    else replace(post, body=post.body.replace("One book", "One paper book"))
    if post is LEDGER
    else post
    for post in ALL
)
MOVED = tuple(replace(post, slug="le-jardin-d-hiver") if post.slug == "jardin" else post for post in EDITED)
RETAGGED = tuple(replace(post, tags=(*post.tags, "Carnet")) for post in MOVED if post.slug != "tea")
LIFE: Mapping[str, tuple[Sequence[Post], str]] = {
    "1-first": (FIRST, "http://blog.example"),
    "2-two-more": (ALL, "http://blog.example"),
    "3-edited": (EDITED, "http://blog.example"),
    "4-moved": (MOVED, "http://blog.example"),
    "5-https": (MOVED, "https://blog.example"),
    "6-retagged": (RETAGGED, "https://blog.example"),
}
"""What the blog has, and where, at each step of its life. Only the second step brings anything new."""
