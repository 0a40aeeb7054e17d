"""Language and zone are guessed by what shows them best."""

from datetime import datetime, timedelta, timezone

import pytest

from crosspost.beginning.guess import Guess, Here, as_zone, here, language, written_dates, zone
from crosspost.feeds import Document, Item
from crosspost.model import Entry

FRENCH = "Il revient chaque automne dans la ville, et les gens sont contents pour vous et avec nous."
ENGLISH = "It comes back with the autumn, and this is what you have for the whole of it, not from us."
SUMMER, WINTER = datetime(2026, 8, 1, 10), datetime(2026, 12, 1, 10)


def document(words: str, declared: str = "") -> Document:
    entry = Entry(feed="blog", title="1", permalink="https://blog.example/", summary=words)
    return Document(language=declared, items=(Item(entry=entry),))


def at(hours: float, *moments: datetime) -> list[datetime]:
    return [moment.replace(tzinfo=timezone(timedelta(hours=hours))) for moment in moments]


@pytest.mark.parametrize(
    ("words", "declared", "page", "machine", "guess"),
    [
        (FRENCH, "fr-CA", "", "", Guess("fr-CA", "what the feed says")),
        (FRENCH, "en-US", "en-US", "en", Guess("fr", "its words")),  # the engine's default
        (ENGLISH, "", "fr", "", Guess("en", "its words")),
        ("Kaizen", "", "ja", "en", Guess("ja", "what the page says")),
        ("Kaizen", "", "{{ lang }}", "", Guess("en", "default")),
        ("Kaizen", "", "", "fr-CA", Guess("fr-CA", "your environment")),
        ("Kaizen", "", "", "", Guess("en", "default")),
    ],
)
def test_words_go_before_declarations_where_they_are_clear(
    words: str, declared: str, page: str, machine: str, guess: Guess
) -> None:
    assert language(document(words, declared), page, machine) == guess


@pytest.mark.parametrize(
    ("spoken", "dates", "machine", "guess"),
    [
        (
            "fr",
            at(-4, SUMMER),
            Here(zone="Asia/Tokyo", machine_zone="Europe/Paris"),
            Guess("Asia/Tokyo", "$TZ"),
        ),
        (
            "fr",
            at(-4, SUMMER),
            Here(machine_zone="Europe/Paris"),
            Guess("Europe/Paris", "this machine's clock"),
        ),
        ("fr", at(-4, SUMMER), Here(machine_zone="Etc/UTC"), Guess("America/Montreal", "the feed's dates")),
        ("fr-CA", at(-4, SUMMER) + at(-5, WINTER), Here(), Guess("America/Montreal", "the feed's dates")),
        ("fr", at(2, SUMMER) + at(1, WINTER), Here(), Guess("Europe/Paris", "the feed's dates")),
        ("en", at(-8, WINTER), Here(), Guess("America/Los_Angeles", "the feed's dates")),
        ("de", at(2, SUMMER), Here(), Guess("Europe/Berlin", "the feed's dates")),
        ("fr", at(0, SUMMER, WINTER), Here(machine_zone="Etc/UTC"), Guess("Etc/UTC", "this machine's clock")),
        ("fr", at(13.5, SUMMER), Here(), Guess("UTC", "default")),
        ("fr", [], Here(), Guess("UTC", "default")),
    ],
)
def test_the_zone_is_the_persons_or_that_of_the_dates(
    spoken: str, dates: list[datetime], machine: Here, guess: Guess
) -> None:
    assert zone(spoken, dates, machine) == guess


def test_dates_are_taken_with_the_hours_that_stand_in_them() -> None:
    body = (
        b"<pubDate>Sat, 01 Aug 2026 10:00:00 -0400</pubDate><updated>2026-12-01T10:00:00+01:00</updated>"
        b"<pubDate>Sat, 99 Aug 2026 10:00:00 -0400</pubDate><pubDate>Sat, 01 Aug 2026 10:00:00 GMT</pubDate>"
    )
    assert list(written_dates(body)) == at(-4, SUMMER) + at(1, WINTER)
    assert written_dates(b"") == ()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("America/Montreal", "America/Montreal"),
        ("america/montreal", "America/Montreal"),
        (" Montreal ", "America/Montreal"),
        ("new york", "America/New_York"),
        ("Paris", "Europe/Paris"),
        ("UTC", "UTC"),
        ("", ""),
        ("Atlantis", ""),
        ("../../etc/passwd", ""),
        ("EST", ""),  # no configuration takes it
        ("cet", ""),
    ],
)
def test_a_zone_is_known_by_its_name_or_its_city(said: str, name: str) -> None:
    assert as_zone(said) == name


@pytest.mark.parametrize(
    ("environment", "spoken", "name"),
    [
        ({"LANG": "fr_CA.UTF-8", "TZ": ":Europe/Paris"}, "fr-CA", "Europe/Paris"),
        ({"LC_ALL": "de_DE@euro", "LANG": "fr_CA.UTF-8", "TZ": "<-03>3"}, "de-DE", ""),
        ({"LANG": "C.UTF-8"}, "", ""),
        ({}, "", ""),
    ],
)
def test_the_environment_says_who_sits_there(environment: dict[str, str], spoken: str, name: str) -> None:
    said = here(environment)
    assert (said.language, said.zone) == (spoken, name)
