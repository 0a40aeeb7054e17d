"""A date is fully understood or none, whatever its form and language, and is read quickly."""

import json
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosspost.feeds.dates import Dates, moment
from crosspost.feeds.dates.names import BETWEEN, DAYS, MONTHS, ZONES, plain
from tests.feeds.reading import atom, read, rss

NAMES = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
}
SHORT = {
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "de": "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    "pt": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    "ru": "янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек.",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "nl": "jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec.",
    "pl": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-24T10:00:00Z", "2026-11-24T10:00"),
        ("2026-11-24T10:00:00+0100", "2026-11-24T09:00"),
        ("2026-11-24T10:00:00+01", "2026-11-24T09:00"),
        ("2026-11-24T10:00:00−05:00", "2026-11-24T15:00"),
        ("2026-11-24T10:00", "2026-11-24T10:00"),
        ("2026-11-24T10:00:00.1234567891Z", "2026-11-24T10:00:00.123456"),
        ("2026-11-24T10:00:00,5Z", "2026-11-24T10:00:00.5"),
        ("2026-11-24 10:00:00 +0100", "2026-11-24T09:00"),
        ("2026-11-24t10:00:00z", "2026-11-24T10:00"),
        ("2026-11-24T24:00:00Z", "2026-11-25"),
        ("2026-12-31T23:59:60Z", "2027-01-01"),
        ("2026-11-24", "2026-11-24"),
        ("2026-11-24-05:00", "2026-11-24T05:00"),
        ("2026-11-24T10:00:00+01:00[Europe/Paris]", "2026-11-24T09:00"),
        ("20261124T100000Z", "2026-11-24T10:00"),
        ("20261124T10:00:00", "2026-11-24T10:00"),
        ("202611241000", "2026-11-24T10:00"),
        ("20261124", "2026-11-24"),
        ("2025/12/31", "2025-12-31"),
        ("2026/1/10 09:05", "2026-01-10T09:05"),
        ("24-11-2026", "2026-11-24"),
        ("24.11.2026", "2026-11-24"),
        ("24. 11. 2026 8:05", "2026-11-24T08:05"),
        ("05-03-2026", "2026-03-05"),
        ("2026年11月24日", "2026-11-24"),
        ("1518478934", "2018-02-12T23:42:14"),
        ("1518478934000", "2018-02-12T23:42:14"),
        ("1518478934.0", "2018-02-12T23:42:14"),
        ("0", "1970-01-01"),
        ("-62135596800", "0001-01-01"),
        ("0001-01-01T00:00:00+01:00", "0001-01-01"),
    ],
)
def test_dates_of_numbers_are_read(written: str, meant: str) -> None:
    assert moment(written) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Tue, 24 Nov 2026 09:30:00 +0100", "2026-11-24T08:30"),
        ("24 Nov 2026 9:30 GMT", "2026-11-24T09:30"),
        ("Mon, 24 Nov 2026 09:30:00 EST", "2026-11-24T14:30"),
        ("Tue, 24 Nov 26 09:30:00 UT", "2026-11-24T09:30"),
        ("Tue, 24 Nov 126 09:30:00 GMT", "2026-11-24T09:30"),
        ("Tuesday, 24-Nov-26 09:30:00 Z", "2026-11-24T09:30"),
        ("Tue, 24 Nov 2026 09:30:00 GMT+1", "2026-11-24T08:30"),
        ("Tue, 24 Nov 2026 09:30:00 +0100 (CET)", "2026-11-24T08:30"),
        ("Tue, 24 Nov 2026 09:30:00 (CET)", "2026-11-24T08:30"),
        ("tue 24 november 2026, 09:30:00 -0000", "2026-11-24T09:30"),
        ("Tue. 24. Sept. 2026", "2026-09-24"),
        ("Tue Nov 24 09:30:00 CET 2026", "2026-11-24T08:30"),
        ("Tue Nov 24 09:30:00 2026", "2026-11-24T09:30"),
        ("Tue Nov 24 2026 09:30:00 GMT+0100 (Central European Standard Time)", "2026-11-24T08:30"),
        ("November 24th, 2026 04:42 PM", "2026-11-24T16:42"),
        ("Nov 24, 2026 at 4:42 p.m.", "2026-11-24T16:42"),
        ("24 Nov 2026 12:05 AM", "2026-11-24T00:05"),
        ("24 Nov 2026 12:05 pm AEDT", "2026-11-24T01:05"),
        ("24 Nov 2026 12:00 CEST", "2026-11-24T10:00"),
        ("24 Nov 2026 12:00 BST", "2026-11-24T11:00"),
        ("24 Nov 2026 12:00 IST", "2026-11-24T06:30"),
        ("24 Nov 2026 12:00 nzdt", "2026-11-23T23:00"),
        ("24 Nov 2026 12:00 ACST", "2026-11-24T02:30"),
        ("lun., 24 nov. 2026", "2026-11-24"),
        ("1er DÉCEMBRE 2026 à 10h30", "2026-12-01T10:30"),
        ("mar. 24 mars 2026", "2026-03-24"),
        ("Di, 24 Nov 2026 09:30:00 +0100", "2026-11-24T08:30"),
        ("Dienstag, den 24. November 2026 um 10:00 Uhr", "2026-11-24T10:00"),
        ("terça-feira, 24 de novembro de 2026", "2026-11-24"),
        ("martes, 24 de noviembre de 2026, a las 10:00", "2026-11-24T10:00"),
        ("24 ноября 2026 г.", "2026-11-24"),
        ("Вт, 24 нояб. 2026 10:00:00 +0300", "2026-11-24T07:00"),
        ("pt., 24 paź 2026", "2026-10-24"),
        ("1° maggio 2026", "2026-05-01"),
        ("Nov. 24, 2026, 4 p.m.", "2026-11-24T16:00"),
    ],
)
def test_dates_with_names_are_read(written: str, meant: str) -> None:
    assert moment(written) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(("language", "names"), [*NAMES.items(), *SHORT.items()])
def test_the_months_are_known_by_name_in_any_case_and_without_accents(language: str, names: str) -> None:
    for number, name in enumerate(names.split(), 1):
        for form in (name, name.upper(), name.casefold(), plain(name)):
            assert moment(f"5 {form} 2026") == datetime(2026, number, 5, tzinfo=UTC), form


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "2026",
            "2026-11",
            "202611",
            "Nov 2026",
            "24 Nov",
            "12",
            "04:42 PM",
            "now",
            "yesterday",
            "2026-W48-2",
        ),
        *(
            "Wed, 30 Nov -0001 00:00:00 +0000",
            "-2026-11-24",
            "0000-00-00 00:00:00",
            "31 Feb 2026",
            "2026-13-01",
        ),
        *(
            "2026-02-29",
            "31.04.2026",
            "2026-11-24T25:61:00Z",
            "2026-11-24T24:00:01Z",
            "24 Nov 2026 16:42 AM",
            "24 Nov 2026 24:00 PM",
        ),
        *(
            "24 Nov 2026 10:00 QWT",
            "24 Nov 2026 10:00 +9900",
            "24 Nov 2026 10:00 - 12:00",
            "2026-11-24T10:00:60:00Z",
        ),
        *(
            "05/03/2026",
            "24/11/26",
            "1 2 2026",
            "5 Nov 24 2026",
            "24 Smarch 2026",
            "24 Nov 2026 Dec",
            "juin jui 2026",
        ),
        *(
            "２０２６-11-24",
            "٢٤-11-2026",
            "24 Nov 2026, by Jane",
            "2026-11-24T10:00:00[Europe/Paris]",
            "999999999999999",
        ),
    ],
)
def test_what_is_not_wholly_a_date_is_none(written: str) -> None:
    assert moment(written) is None


def test_the_name_of_the_day_tells_which_number_is_the_month() -> None:
    """Drupal writes both, by the site's country."""
    assert moment("Fri, 05/03/2019 - 15:21") == datetime(2019, 5, 3, 15, 21, tzinfo=UTC)
    assert moment("Tue, 05/03/2019 - 15:21") == datetime(2019, 3, 5, 15, 21, tzinfo=UTC)
    assert moment("Sun, 05/03/2019 - 15:21") is None
    assert moment("25/12/2025") == moment("12/25/2025") == datetime(2025, 12, 25, tzinfo=UTC)
    markup = '<time datetime="2026-11-24T10:00:00-05:00" class="datetime">Tue, 11/24/2026 - 10:00</time>'
    assert moment(markup) == datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("others", "meant"),
    [
        (["25/12/2025"], "2026-03-05"),
        (["12/25/2025", "01/31/2026"], "2026-05-03"),
        (["25/12/2025", "12/25/2025"], None),
    ],
)
def test_the_other_dates_of_a_feed_tell_which_number_is_the_month(others: list[str], meant: str | None) -> None:
    pairs = [(date, "") for date in ["05/03/2026", *others]]
    published = Dates.of(pairs).dated("05/03/2026", "").published
    assert published == (datetime.fromisoformat(meant).replace(tzinfo=UTC) if meant else None)


def test_no_word_means_two_things() -> None:
    assert not MONTHS.keys() & ZONES.keys()
    assert not DAYS.keys() & ZONES.keys()
    assert not BETWEEN & (MONTHS.keys() | DAYS.keys() | ZONES.keys())


FORMS = (
    "%Y-%m-%dT%H:%M:%S%z", "%Y%m%dT%H%M%S%z", "%a, %d %b %Y %H:%M:%S %z", "%d %B %Y %I:%M:%S %p %z",
    "%a %b %d %H:%M:%S %z %Y", "%Y/%m/%d %H:%M:%S %z", "%d.%m.%Y %H:%M:%S %z", "%d-%m-%Y %H:%M:%S%z",
)  # fmt: skip
ZONED = st.builds(timezone, st.integers(-14 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30), timezones=ZONED)


@given(MOMENTS, st.sampled_from(FORMS))
def test_any_moment_comes_back_out_of_any_form(when: datetime, form: str) -> None:
    when = when.replace(microsecond=0)
    assert moment(when.strftime(form)) == when
    assert moment(when.isoformat()) == when
    assert moment(format_datetime(when)) == when
    assert moment(str(int(when.timestamp()))) == when


PIECES = st.sampled_from(
    "24 11 2026 26 0000 -0001 nov. März mar Tue - / . : , T Z +01:00 -9 10:00 99:9 pm ( CET <b> x 年 ٣".split()
)


@given(st.text() | st.lists(PIECES).map(" ".join) | st.lists(PIECES).map("".join))
@example("9" * 119)
@example("1-" * 59)
def test_no_text_is_more_than_one_can_read(text: str) -> None:
    found = moment(text)
    assert found is None or found.tzinfo is UTC


@given(MOMENTS, st.sampled_from(FORMS), st.data())
def test_a_part_of_a_date_is_the_same_day_or_none(when: datetime, form: str, data: st.DataObject) -> None:
    """Never half: without its year, month or day it is no date."""
    whole = when.strftime(form.replace("%H", "00").replace("%I", "12").replace("%p", "AM"))
    words = whole.split()
    gone = data.draw(st.integers(0, len(words) - 1))
    rest = " ".join(words[:gone] + words[gone + 1 :])
    found = moment(rest)
    assert found is None or abs(found - when) < timedelta(days=2)


def test_a_megabyte_is_not_looked_at() -> None:
    for sign in ("9", "1-", "(", "<", " ", "a ", "é", "10:00 "):
        assert moment(sign * 1_000_000) is None


# Two dates, and dates that nobody can read.


async def read_dates(*dates: str) -> list[tuple[str, str, str]]:
    """Return of each item of a feed its day, its impossible day and its unreadable date."""
    items = (await read(rss(*(f"<title>{n}</title>{date}" for n, date in enumerate(dates))))).items
    return [
        (f"{item.entry.published:%Y-%m-%d}" if item.entry.published else "", item.odd_date, item.unread_date)
        for item in items
    ]


def published(date: str) -> str:
    return f"<pubDate>{date}</pubDate>"


async def test_of_two_dates_the_one_that_is_understood_counts() -> None:
    other = "<dc:date>2026-11-24T10:00:00Z</dc:date>"
    for broken in ("gestern", "Wed, 30 Nov -0001 00:00:00 +0000", "Thu, 01 Jan 1970 00:00:00 GMT"):
        assert await read_dates(published(broken) + other) == [("2026-11-24", "", "")]
    entry = "<title>A</title><published>0001-01-01T00:00:00Z</published><updated>2026-11-24T10:00:00Z</updated>"
    (item,) = (await read(atom(entry))).items
    assert item.entry.published == item.entry.updated == datetime(2026, 11, 24, 10, tzinfo=UTC)


async def test_an_unreadable_date_is_a_slip_among_others_and_a_habit_among_its_like() -> None:
    good = published("Tue, 24 Nov 2026 09:30:00 +0100")
    slip = published("Di, 31. Brumaire CCXXXV " + "x" * 200)
    found = await read_dates(good, slip, good)
    assert [date for date, *_ in found] == ["2026-11-24", "", "2026-11-24"]
    assert found[1][2].startswith("Di, 31. Brumaire CCXXXV x")
    assert len(found[1][2]) == 60
    assert await read_dates(slip, slip, good) == [("", "", ""), ("", "", ""), ("2026-11-24", "", "")]


@pytest.mark.parametrize("null", ["Wed, 30 Nov -0001 00:00:00 +0000", "0000-00-00 00:00:00", "00/00/0000"])
async def test_the_null_of_a_program_is_never_a_habit(null: str) -> None:
    assert await read_dates(published(null), published(null)) == [("", "", null)] * 2


async def test_a_number_in_a_json_feed_is_a_date() -> None:
    items = [{"id": "1", "url": "https://blog.example/1", "title": "A", "date_published": 1518478934}]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Blog", "items": items}
    (item,) = (await read(json.dumps(feed))).items
    assert item.entry.published == datetime(2018, 2, 12, 23, 42, 14, tzinfo=UTC)
