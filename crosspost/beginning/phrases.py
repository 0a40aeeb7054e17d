"""What the written configuration says to whoever reads it, in English and in French. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The comments of a configuration in one language."""

    head: str
    keys: str
    zone: str
    time_box: str
    budget: str
    feed: str
    signature: str
    path: str
    keep: str
    network: str
    limits: str
    attention: str
    notify: str
    try_notify: str
    apart: str


ENGLISH = Phrases(
    head="crosspost announces each new entry of {blog} on the channels below.",
    keys="Every key is described in docs/configuration.md. After a change: crosspost check",
    zone="of dates, and of the days and weeks of limits",
    time_box="The time that social media may cost you, over all networks. What does not fit waits.",
    budget='other units: "3/day", "30 USD/month"',
    feed="The blog. What is in it today counts as known; what comes from now on is announced.",
    signature="The newest entries, in the signature of your e-mails. The rest of its files stays yours.",
    path="{name}.txt and {name}.html",
    keep="entries shown",
    network="{name} waits until you have run: crosspost connect {channel}",
    limits="at most; a second entry of the day waits for the next",
    attention="what answers and questions after one post usually cost you",
    notify="To be told when something needs you, by mail or on your telephone, add a table [notify.email] or",
    try_notify="[notify.ntfy] as docs/configuration.md describes them. To try it: crosspost notify",
    apart="its address opens a door, so it stands in a file of its own",
)
FRENCH = Phrases(
    head="crosspost annonce chaque nouveau billet de {blog} sur les canaux ci-dessous.",
    keys="Toutes les clés sont décrites dans docs/configuration.md. Après un changement : crosspost check",
    zone="fuseau des dates, et des jours et semaines des limites",
    time_box="Le temps que les réseaux peuvent vous prendre, tous ensemble. Ce qui dépasse attend.",
    budget='autres unités : "3/day" (par jour), "30 USD/month" (par mois)',
    feed="Le blogue. Ce qui y est aujourd’hui est tenu pour connu ; ce qui viendra sera annoncé.",
    signature="Les derniers billets, dans la signature de vos courriels. Le reste de ses fichiers est à vous.",
    path="{name}.txt et {name}.html",
    keep="billets montrés",
    network="{name} attend que vous ayez lancé : crosspost connect {channel}",
    limits="au plus ; un second billet du jour attend le lendemain",
    attention="ce que vous coûtent d’habitude réponses et questions après une annonce",
    notify="Pour être averti quand il faut faire quelque chose, par courriel ou téléphone, ajoutez une table",
    try_notify="[notify.email] ou [notify.ntfy], voir docs/configuration.md. Pour essayer : crosspost notify",
    apart="son adresse ouvre une porte : elle est dans un fichier à part",
)
_HEADINGS: Mapping[str, str] = {
    "en": "Latest posts",
    "fr": "Derniers billets",
    "de": "Neueste Beiträge",
    "es": "Últimas entradas",
    "it": "Ultimi articoli",
    "pt": "Últimos artigos",
    "nl": "Nieuwste berichten",
    "ca": "Últimes entrades",
    "da": "Seneste indlæg",
    "nb": "Siste innlegg",
    "no": "Siste innlegg",
    "pl": "Najnowsze wpisy",
    "sv": "Senaste inläggen",
}


def phrases(language: str) -> Phrases:
    """Return the comments in French for French, else in English. `language`: a tag such as "fr-CA"."""
    return FRENCH if _base(language) == "fr" else ENGLISH


def heading(language: str) -> str:
    """Return what stands above the entries of a signature, in the blog's language where we know it."""
    return _HEADINGS.get(_base(language), _HEADINGS["en"])


def _base(language: str) -> str:
    return language.lower().partition("-")[0]
