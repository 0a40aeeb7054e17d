"""What engines put before and behind the words of authors goes; sentences that only look like it stay."""

import pytest

from crosspost.feeds.words.edges import begins, ends, was_shortened
from crosspost.feeds.words.tails import LABELS, ON_THEIR_OWN

# « | » is where the tail begins.
TAILS = """
Words here.| The post A title appeared first on A Site.
Words here.| Der Beitrag Ein Titel erschien zuerst auf inside digital.
Des mots.| L'article Un titre est apparu en premier sur Le site.
Unas palabras.| La entrada Un título se publicó primero en El sitio.
Parole.| L’articolo Un titolo proviene da Il sito.
Słowa.| Artykuł Tytuł pochodzi z serwisu Strona.
Palavras.| O post Um título apareceu primeiro em O sítio.
Woorden.| Het bericht Een titel verscheen eerst op De site.
Ord.| Inlägget En titel dök först upp på Sajten.
Ord.| Indlægget En titel blev først udgivet på Siden.
Слова.| Сообщение Название появились сначала на Сайт.
言葉。| 投稿 題名 は サイト に最初に表示されました。
Sözler.| Bir başlık yazısı ilk önce Site üzerinde ortaya çıktı.
No full stop| The post What? Me! appeared first on Yahoo! News
Words.| This post first appeared on A Site.
Words.| This post was originally published on a.example
Some words| Continue reading →
Words| [&hellip;]
Words| […]
Words.| […] […]
Words| [...]
Mots| (...)
Mots| (suite…)
Words| (more…)
Words| [Read more...]
Words…| Continue reading A title
Words…| Continue reading →
Words.| Continue reading A title →
Words.| Continue reading “A title”
Words.| Read more
Words.| Read more »
Words.| « Read more »
Words.| “The post A title appeared first on A Site.”
« Mots. »| Lire la suite
Words.| Read the full post
No full stop| Read more
No full stop| read more →
Sans point| Lire la suite
Sans point| (lire la suite)
Words!| Keep reading
Words.| Click here to read more
Des mots.| Lire la suite →
Des mots…| Lire la suite de « Un titre »
« Des mots ».| Continuer la lecture
Des mots.| En savoir plus
Ord.| Läs vidare →
Wörter.| Weiterlesen »
Wörter.| Mehr lesen
Palabras.| Leer más
Palabras.| Seguir leyendo
Parole.| Continua a leggere
Parole.| Leggi tutto
Palavras.| Ler mais
Palavras.| Continue lendo
Woorden.| Lees verder
Woorden.| Lees meer
Słowa.| Czytaj dalej
Ord.| Læs mere
Ord.| Les mer
Sanoja.| Lue lisää
Slova.| Číst dál
Слова.| Читать далее
言葉。|続きを読む
一些话。|阅读全文
מילים.| הפוסט כותרת הופיע לראשונה ב-אתר.
كلمات.| ظهرت المقالة عنوان أولاً على موقع.
文字。|〈標題〉這篇文章最早發佈於《網站》。
|1 post - 1 participant
Words.|Read full topic
|Statistics: Posted by jane — Fri May 01, 2026 10:00 am — Replies 3
Words.| Thanks for reading A Letter! Subscribe for free to receive new posts and support my work.
Words.| A title was originally published in A Place on Medium, where people are continuing the conversation \
by highlighting and responding to this story.
|Read more
|…
|Share this:
|Like Loading…
|Related
|Filed under: News, Tea
|Tagged with tea
|Tags: a, b
|12 Comments
|Leave a comment
|Reply via email
|Share on Facebook
|Continue reading on A Site »
|This post is public so feel free to share it.
The post office appeared first on the map.|
He likes to read. Read more books.|
Read more books.|
Write less. Read more.|
I wanted to read more|
You can read more in the book.|
Et puis…|
Il faut en savoir plus.|
Wir wollen weiterlesen.|
An array[0] and a [note]|
Comments are welcome.|
Related work is on its way.|
More is less.|
Tags are labels.|
What children do: read more|
He whispered: “Read on”|
He whispered: "Read more"|
"""


@pytest.mark.parametrize("line", TAILS.replace("\\\n", "").strip().splitlines())
def test_where_a_tail_begins(line: str) -> None:
    words, _, tail = line.partition("|")
    assert ends(words + tail) == len(words)


@pytest.mark.parametrize("template", [*LABELS, *ON_THEIR_OWN])
def test_each_tail_of_the_tables_goes_from_a_line_of_its_own(template: str) -> None:
    tail = template.replace("#", "3").replace("*", "this")
    assert ends(f"Words here.\n{tail}") == len("Words here.")


def test_several_tails_go_and_the_sentence_before_them_stays_whole() -> None:
    text = "One. Two!\nRead more →\nShare this:\nTweet\nThe post A title appeared first on A Site."
    assert text[: ends(text)] == "One. Two!"


def test_a_known_title_shows_where_the_link_to_the_rest_begins() -> None:
    text = "Words here. Read more A title of mine"
    assert text[: ends(text)] == text
    assert text[: ends(text, "A title of mine")] == "Words here."
    for link in ("Continue reading A title of mine", "continue reading A title of mine →"):
        assert ends(f"In mid-sentence {link}", "A title of mine") == len("In mid-sentence")


@pytest.mark.parametrize(
    ("tail", "is_mark"),
    [(" […]", True), (" Lire la suite →", True), (" The post A appeared first on B.", False), ("", False)],
)
def test_some_tails_say_that_the_words_before_were_shortened(tail: str, is_mark: bool) -> None:
    assert was_shortened(tail) is is_mark


@pytest.mark.parametrize(
    "block",
    """
Photo : AFP
Photo by Jane Doe on Unsplash
(Photo: Jane Doe)
Image: the bridge at night, seen from the river
Image courtesy of NASA
Crédit : Zoé Lefèvre
Crédits photo : Zoé Lefèvre / AFP
© Zoé Lefèvre
Foto: Max Muster
Bild: dpa
Bildquelle: Max Muster
Abbildung
Illustration
Listen to this article
Écouter cet article
5 min read
4 minutes de lecture
Reading time: 4 minutes
Temps de lecture : 4 min
Lesezeit: 3 Minuten
Published on March 3, 2026
Publié le 3 mars 2026
Published 3 days ago
Posted on 3 March 2026 at 10:00 am
Posted on March 3, 2026 by Jane
Updated: 2026-03-03
March 3, 2026
By Jane Doe
By Jane Doe and Zoé Lefèvre
By Jane Doe | March 3, 2026
Par Zoé Lefèvre
Von Max Muster
This post may contain affiliate links. See our policy for details.
https://blog.example/a
A title, again
“A title, again”
A Title – Again
A title, again | A Site
""".strip().splitlines(),
)
def test_what_is_no_beginning(block: str) -> None:
    assert begins(block, "“A title, again!”")


@pytest.mark.parametrize(
    "block",
    """
Photo by photo, the exhibition shows a town.
Images are heavy, so we shrink them.
Illustrations help people who read little.
By the river we sat down.
By now you know.
Par exemple, le thé.
Von hier aus sieht man das Meer.
Published authors know that.
Published 3 books this year
Published in 1851, Moby-Dick flopped.
Updated for 2026: the complete guide.
Posted 3 days ago, already famous.
Par Toutatis !
Le 3 mai 2026, tout a changé.
In 2026 we moved.
5 minutes later it rained.
A title, again and again, is no title.
Écouter, c’est aimer.
DiCaprio
""".strip().splitlines(),
)
def test_what_is_a_beginning(block: str) -> None:
    assert not begins(block, "A title, again")


def test_a_title_with_the_name_of_its_site_is_repeated_without_it() -> None:
    assert begins("A title", "A title | A Site")
    assert begins("A title - A Site of Ours", "A title")
    assert begins("A title | blog.example", "A title")
    assert not begins("Words", "")


@pytest.mark.parametrize(
    "block",
    [
        "L’été indien : il revient chaque année. On l’attend.",
        "L’été indien – Il revient chaque année.",
        "« L’été indien » est une chanson de Joe Dassin.",
        "L’été indien — une note de lecture",
    ],
)
def test_a_title_that_a_sentence_goes_on_from_is_no_repetition(block: str) -> None:
    assert not begins(block, "L’été indien")
