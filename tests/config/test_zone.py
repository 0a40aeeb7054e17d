"""The time zone of a configuration that names none is the surroundings', as a container is told it."""

from pathlib import Path

import pytest

from crosspost.config import load
from crosspost.config.zones import doubt, surrounding_zone
from tests.cli.program import Program

PLAIN = (
    '[feeds.blog]\nurl = "feed.xml"\n[channels.signature]\nadapter = "email_signature"\npath = "signature"\n'
)


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("America/Montreal", "America/Montreal"),
        (":Europe/Paris", "Europe/Paris"),
        (" Etc/GMT+5\n", "Etc/GMT+5"),
        ("UTC", "UTC"),
        *((odd, None) for odd in ("", "Europe", "Montreal", "CET-1CEST,M3.5.0,M10.5.0/3", "/etc/localtime")),
        *((odd, None) for odd in (":/etc/localtime", "../../etc/passwd", "Nulle/Part", "é", "a\0b", "<+03>-3")),
    ],
)
def test_what_the_surroundings_name(said: str, zone: str | None) -> None:
    known = surrounding_zone({"TZ": said})
    assert (known and known.key) == zone
    assert bool(doubt({"TZ": said})) == (zone is None and said != "")
    assert surrounding_zone({}) is None


def test_a_town_alone_is_answered_with_its_zone() -> None:
    assert "TZ=America/Montreal" in doubt({"TZ": "Montreal"})
    assert "TZ=Europe/Paris" in doubt({"TZ": "Paris"})


def test_it_counts_where_the_file_names_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "crosspost.toml"
    path.write_text(PLAIN)
    zones, digests = [], set()
    for said in ("Europe/Paris", "Montreal", ""):
        monkeypatch.setenv("TZ", said)
        config = load(path)
        zones.append(config.timezone.key)
        digests.add(config.digest)
    assert zones == ["Europe/Paris", "UTC", "UTC"]
    assert len(digests) == 2, "what was decided by another zone's days is decided anew"
    path.write_text('timezone = "Asia/Tokyo"\n' + PLAIN)
    monkeypatch.setenv("TZ", "Europe/Paris")
    assert load(path).timezone.key == "Asia/Tokyo"


def test_check_says_that_a_zone_is_none(tmp_path: Path) -> None:
    crosspost = Program(tmp_path)
    crosspost.write("crosspost.toml", PLAIN)
    said = crosspost("check", TZ="Montreal")
    assert said.code == 0
    assert "! timezone: TZ says Montreal, which is no time zone" in said.out
    assert "timezone" not in crosspost("check", TZ="America/Montreal").out
