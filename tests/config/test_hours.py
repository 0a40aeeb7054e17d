"""Posting hours and quiet days as people write them; and what is said about those that cannot be read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.config.hours import ANY, Hours, parse_hours
from crosspost.config.quiet import Quiet, parse_quiet

WEEKDAY_MORNINGS = "Mon-Fri 08:00-10:00"
EVERY_MORNING = "08:00-10:00"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Lun-Ven 8h-10h", WEEKDAY_MORNINGS),
        ("lundi au vendredi de 8h à 10h", WEEKDAY_MORNINGS),
        ("du lundi au vendredi, entre 8h et 10h", WEEKDAY_MORNINGS),
        ("8h-10h du lundi au vendredi", WEEKDAY_MORNINGS),
        ("lun.–ven. 8\u202fh\u00a030 – 10 h", "Mon-Fri 08:30-10:00"),
        ("LUN - VEN : 8H00 - 10H00", WEEKDAY_MORNINGS),
        ("en semaine, 8 heures à 10 heures", WEEKDAY_MORNINGS),
        ("L-V 8h-10h", WEEKDAY_MORNINGS),
        ("Mon-Fri 8-10", WEEKDAY_MORNINGS),
        ("Monday to Friday 8am-10am", WEEKDAY_MORNINGS),
        ("Monday through Friday, 8:00 a.m. to 10:00 a.m.", WEEKDAY_MORNINGS),
        ("between 8 and 10 on weekdays", WEEKDAY_MORNINGS),
        ("M–F 8–10am", WEEKDAY_MORNINGS),
        ("Mo bis Fr 8.00-10 Uhr", WEEKDAY_MORNINGS),
        ("lunes a viernes de 8 a 10", WEEKDAY_MORNINGS),
        ("8:00–10:00", EVERY_MORNING),
        ("8:00—10:00", EVERY_MORNING),
        ("8:00−10:00", EVERY_MORNING),
        ("8-10", EVERY_MORNING),
        ("0800-1000", EVERY_MORNING),
        ("tous les jours de 8 h à 10 h", EVERY_MORNING),
        ("daily 8-10", EVERY_MORNING),
        ("everyday 8-10", EVERY_MORNING),
        ("8:30 am - 12 noon", "08:30-12:00"),
        ("8h30-midi, 14h-17h", "08:30-12:00, 14:00-17:00"),
        ("8h-10h et 17h-18h30", "08:00-10:00, 17:00-18:30"),
        ("9-5pm", "09:00-17:00"),
        ("9am-5", "09:00-17:00"),
        ("9-12pm", "09:00-12:00"),
        ("12-1pm", "12:00-13:00"),
        ("minuit-6h", "00:00-06:00"),
        ("20h à minuit", "20:00-24:00"),
        ("22:00-00:00", "22:00-24:00"),
        ("week-end 10h-12h", "Sat-Sun 10:00-12:00"),
        ("weekends 10-12", "Sat-Sun 10:00-12:00"),
        ("fin de semaine 10h-12h", "Sat-Sun 10:00-12:00"),
        ("Sa,Di 10-12", "Sat-Sun 10:00-12:00"),
        ("Mo, Di 8-10", "Mon-Tue 08:00-10:00"),
        ("me-ve 8h-10h", "Wed-Fri 08:00-10:00"),
        ("lundis et jeudis 8h-10h", "Mon, Thu 08:00-10:00"),
        ("tue, Thursday 00:00-24:00", "Tue, Thu 00:00-24:00"),
        ("Tues & Thurs 8-10", "Tue, Thu 08:00-10:00"),
        ("Sat-Mon 17:00-18:00, 08:00-09:00", "Mon, Sat-Sun 08:00-09:00, 17:00-18:00"),
        (
            "Mon-Fri 08:00-10:00, 17:00-18:30; Sat 9:00-12:00",
            "Mon-Fri 08:00-10:00, 17:00-18:30; Sat 09:00-12:00",
        ),
        ("8-10 Mon, 9-11 Tue", "Mon 08:00-10:00; Tue 09:00-11:00"),
        ("Fri 22-2", "Fri 22:00-24:00; Sat 00:00-02:00"),
        ("Sun 10pm-2am", "Mon 00:00-02:00; Sun 22:00-24:00"),
        ("18:00-08:00", "00:00-08:00, 18:00-24:00"),
        (["Lun-Ven 8h-10h", "Sam 9h-12h"], "Mon-Fri 08:00-10:00; Sat 09:00-12:00"),
        ("00:00-24:00", "any"),
        ("any", "any"),
        ("Toujours", "any"),
        ("24/7", "any"),
        ("24 h/24, 7 j/7", "any"),
        ("Du lundi au vendredi, de 8 h à 10 h.", WEEKDAY_MORNINGS),
        ("every weekday 0800 to 1000 hours", WEEKDAY_MORNINGS),
        ("every Monday 08:00:00-10:00:00", "Mon 08:00-10:00"),
        ("tous les lundis 8h-10h", "Mon 08:00-10:00"),
        ("7j/7, 8h-10h", EVERY_MORNING),
        ("each day 8-10", EVERY_MORNING),
        ("Mon-Fri 8-10; weekends any time", "Mon-Fri 08:00-10:00; Sat-Sun 00:00-24:00"),
        ("sam. toute la journée", "Sat 00:00-24:00"),
    ],
)
def test_hours_are_shown_in_one_form_however_they_are_written(written: object, shown: str) -> None:
    assert str(parse_hours(written)) == shown
    assert parse_hours(shown) == parse_hours(written), "what is shown is read back"


@st.composite
def weeks(draw: st.DrawFn) -> Hours:
    """Draw a week of hours in which something is open."""
    minutes = st.lists(st.integers(0, 1440), max_size=6, unique=True).map(sorted)
    days = draw(
        st.lists(minutes, min_size=7, max_size=7).filter(lambda days: any(len(day) > 1 for day in days))
    )
    return Hours(tuple(tuple(zip(day[::2], day[1::2], strict=False)) for day in days))


@given(weeks())
def test_any_week_is_read_back_as_it_is_shown(hours: Hours) -> None:
    assert parse_hours(str(hours)) == hours


@given(st.text(alphabet="0123456789hm:.-–,; \u00a0MonFriLuVepadà'/", max_size=30) | st.text(max_size=20))
def test_whatever_is_written_is_understood_or_refused_with_an_example(written: str) -> None:
    try:
        hours = parse_hours(written)
    except ValueError as error:
        assert "are no posting hours" in str(error)  # noqa: PT017 - either is right
        assert "write them like" in str(error)  # noqa: PT017
    else:
        assert parse_hours(str(hours)) == hours


ENGLISH = '"Mon-Fri 08:00-10:00, 17:00-18:30" or "09:00-18:00"'
FRENCH = '"lun-ven 8h-10h, 17h-18h30" or "9h-18h"'


@pytest.mark.parametrize(
    ("written", "says", "example"),
    [
        ("Mon-Fri", "at 'Mon-Fri' (character 1): these days have no times", ENGLISH),
        ("08:00-10:00, Sat", "at 'Sat' (character 14): these days have no times", ENGLISH),
        ("08:00-10:00, Mun 9:00-10:00", "at 'Mun 9:00-10:00' (character 14): days are Mon, Tue", ENGLISH),
        ("Mon-Fry 08:00-10:00", "at 'Fry 08:00-10:00' (character 5): days are Mon, Tue", ENGLISH),
        ("Lun-Xyz 8-10", "at 'Xyz 8-10' (character 5): days are Lun, Mar, Mer", FRENCH),
        ("08:00-08:00", "it ends before it begins", ENGLISH),
        ("10-8", "it ends before it begins; write 10-20; across midnight", ENGLISH),
        ("lundi 10h-8h", "at '10h-8h' (character 7): it ends before it begins", FRENCH),
        ("9-5", "write 9-17", ENGLISH),
        ("9 à 5", "write 9-17", FRENCH),
        ("le matin", "at 'matin' (character 4): days are Lun, Mar, Mer", FRENCH),
        ("08:00-24:30", "at '24:30' (character 7): times go from 00:00 to 24:00", ENGLISH),
        ("08:60-09:00", "times go from 00:00 to 24:00", ENGLISH),
        ("25h-26h", "times go from 00:00 to 24:00", FRENCH),
        ("8h75-10h", "at '8h75-10h' (character 1): times go from 00:00 to 24:00", FRENCH),
        ("13pm-14pm", "am and pm go with hours from 1 to 12", ENGLISH),
        ("8", "at '8' (character 1): this is one time; say from when until when", ENGLISH),
        ("lundi à 8h", "(character 9): this is one time", FRENCH),
        ("8-10-12", "at '-12' (character 5): this is neither days nor times", ENGLISH),
        ("8-10 Mon, 9-11", "at '9-11' (character 11): it is not said on which days", ENGLISH),
        (
            "Mon 8:00-10:00, 9:00-11:00",
            "at '9:00-11:00' (character 17): Monday has a part of this twice",
            ENGLISH,
        ),
        ("Mon-Wed 8:00-9:00, Wed 8:00-9:00", "Wednesday has a part of this twice", ENGLISH),
        ("", "at its end: there are no times", ENGLISH),
        (8, "8 are no posting hours", ENGLISH),
    ],
)
def test_hours_that_cannot_be_read_are_named_with_the_place(written: object, says: str, example: str) -> None:
    with pytest.raises(ValueError, match="are no posting hours") as error:
        parse_hours(written)
    assert repr(written) in str(error.value)
    assert says in str(error.value)
    assert example in str(error.value)


def test_the_whole_week_is_no_restriction() -> None:
    assert parse_hours(ANY) is ANY


YEAR_END = Quiet(date(2026, 12, 24), date(2027, 1, 2))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-24..2027-01-02", YEAR_END),
        ("2026-12-24 au 2027-01-02", YEAR_END),
        ("24 déc. 2026..2 janv. 2027", YEAR_END),
        ("du 24 décembre au 2 janvier 2027", YEAR_END),
        ("Dec 24 – Jan 2, 2027", YEAR_END),
        ("December 24, 2026 to January 2nd, 2027", YEAR_END),
        ("24. Dez 2026 bis 2. Jan 2027", YEAR_END),
        ("24-26 décembre 2026", Quiet(date(2026, 12, 24), date(2026, 12, 26))),
        ("1er juillet 2026", Quiet(date(2026, 7, 1), date(2026, 7, 1))),
        (date(2026, 7, 1), Quiet(date(2026, 7, 1), date(2026, 7, 1))),
    ],
)
def test_quiet_days_as_people_write_them(written: object, meant: Quiet) -> None:
    assert parse_quiet(written) == (meant,)
    assert parse_quiet([written, str(meant)]) == (meant, meant), "what is shown is read back"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("2026-12-24..2026-01-02", "at '2026-01-02' (character 13): it ends before it begins"),
        ("2026-13-01", "at '2026-13-01' (character 1): this is no date"),
        ("2026-12-24..", "this is no date"),
        ("Christmas", "this is no date"),
        ("1/7/2026", "this is no date"),
        ("31 février 2026", "there is no such day"),
        ("24 déc..2 janv", "at '2 janv' (character 9): the year is missing"),
        ("24 Xyz 2026", "this is no month"),
    ],
)
def test_quiet_days_that_cannot_be_read_are_named_with_the_place(written: str, says: str) -> None:
    with pytest.raises(ValueError, match="is no quiet day") as error:
        parse_quiet(written)
    assert says in str(error.value)
    assert "write it like" in str(error.value)
