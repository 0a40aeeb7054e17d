"""What a terminal shows: whole words and links, aligned cells, and progress that nothing mixes with."""

import sys
from dataclasses import replace

import pytest

from crosspost.cli.summary import aligned
from crosspost.cli.tables import laid_out
from crosspost.cli.terminal import broken, cells_of
from crosspost.views.summary import Line
from tests.cli.program import Program
from tests.cli.screen import screen

LINK = "https://blog.example/2026/11/a-very-long-address?utm_source=x&utm_medium=social"
DRY = """[time_box]
budget = "2h/week"
[feeds.blog]
url = "feed.xml"
backfill = 2
[channels.x]
adapter = "x"
dry_run = true
attention = "6m"
"""
FIRST_RUN = """\
· blog: first sight: 0 entries taken as known, 2 entries to announce
→ x: would be sent (dry run): One hour a week
    One hour a week

    https://blog.example/hour
    length   42 of 280, 0.20 USD
→ x: would be sent (dry run): L’été indien
    L’été indien

    #Automne
    https://blog.example/ete
    length   47 of 280, 0.20 USD

x  2 shown (dry run)

{limit}

next, to send on x: take dry_run out of [channels.x] in crosspost.toml, then
    crosspost connect x"""
NARROW = """\
▒░░░░░░░░░  time box 2h/week: 0 of 120 minutes this week; as if sent: 12
                              minutes; x 12"""
WIDE = "▒▒░░░░░░░░░░░░░░░░░░  time box 2h/week: 0 of 120 minutes this week; as if sent: 12 minutes; x 12"


# Words and cells


@pytest.mark.parametrize("width", [20, 33, 80])
@pytest.mark.parametrize(
    "text",
    [
        "a b",
        "→ x: L’été indien 🍁, ou « pourquoi »",
        f"read {LINK} or not",
        "",
        "   indented, and on",
        "word " * 40,
    ],
)
def test_a_line_is_broken_at_blanks_only(text: str, width: int) -> None:
    lines = broken(text, width, indent=4)
    assert " ".join(" ".join(lines).split(" ")).split() == text.split()
    assert all(cells_of(line) <= width or " " not in line.strip() for line in lines)
    assert all(line.startswith("    ") for line in lines[1:])


def test_a_text_without_blanks_is_broken_by_its_cells() -> None:
    lines = broken("東京は今日も雨です。明日も雨でしょうか。", 20)
    assert "".join(lines) == "東京は今日も雨です。明日も雨でしょうか。"
    assert all(cells_of(line) <= 20 for line in lines)


ROWS = [
    ("7", "delivered", "réseau-é", "日本語の題名 🍁 and some more words that go on for a while", LINK),
    ("123456789", "shown", "x", "A title", "dry run: shown, not sent"),
]
HEAD = ("id", "state", "channel", "entry", "where or why")


@pytest.mark.parametrize("width", [60, 80, 120, 250])
def test_a_table_keeps_ids_and_links_whole_and_its_columns_aligned(width: int) -> None:
    lines = [line.removeprefix("\x1b[1m").removesuffix("\x1b[0m") for line in laid_out(HEAD, ROWS, width)]
    assert any(LINK in line for line in lines)
    assert all(cells_of(line) <= width or LINK in line for line in lines)
    at = lines[0].index("state")
    starts = {
        cells_of(line[: line.index(word)])
        for line in lines
        for word in ("delivered", "shown  ")
        if word in line
    }
    assert starts == {at}


def test_a_column_that_is_empty_takes_no_line_of_its_own() -> None:
    lines = laid_out(("feed", "last read", "problem"), [("blog", "2026-11-27 08:00", "")], 25)
    assert len(lines) == 2


def test_a_summary_has_its_reasons_beside_or_below() -> None:
    lines = [
        Line(subject="x", what="2 wait", why="until Tue 2026-12-01 08:00: used up"),
        Line(subject="réseau", what="1 delivered", why=LINK),
    ]
    assert aligned(lines, 80)[1:] == ["\x1b[1mréseau\x1b[0m  1 delivered", f"    {LINK}"]
    beside = aligned([lines[0], replace(lines[1], why="")], 40)
    assert [len(line) - len(line.lstrip()) for line in beside[1:-1]] == [len("réseau  1 delivered  ")] * (
        len(beside) - 2
    )
    assert aligned(lines, None)[0].endswith("2 wait       until Tue 2026-12-01 08:00: used up")


# The real program on a terminal


@pytest.mark.parametrize(("columns", "limit"), [(80, NARROW), (120, WIDE)])
def test_a_first_run_leaves_a_clean_screen_and_the_next_command(
    crosspost: Program, columns: int, limit: str
) -> None:
    crosspost.write("crosspost.toml", DRY)
    said = crosspost.on_a_terminal("run-once", COLUMNS=str(columns))
    assert "Reading feeds" in said.out, "what is under way is shown meanwhile"
    assert "\n".join(screen(said.out, columns)) == FIRST_RUN.format(limit=limit)
    assert screen(crosspost.on_a_terminal("run-once", COLUMNS=str(columns)).out, columns) == [
        "· blog: nothing new"
    ]


MIXED = """
import logging, os, sys
from crosspost.cli import logs
from crosspost.cli.terminal import drawing, echo
if sys.argv[1:]:
    os.dup2(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT), 1)
logs.set_up()
with drawing() as advance:
    advance("Delivering", "1/2", 1, 2)
    echo("a line of standard output")
    logging.getLogger("crosspost").info("a line of the log")
    echo("x" * 100)
    advance("Delivering", "2/2", 2, 2)
echo("the end")
"""


@pytest.mark.parametrize("terminal", ["xterm-256color", "dumb", "narrow", "file"])
def test_lines_and_progress_never_mix(crosspost: Program, terminal: str) -> None:
    program = (sys.executable, "-c", MIXED, *(["out"] if terminal == "file" else []))
    said = crosspost.on_a_terminal(
        program=program,
        TERM="dumb" if terminal == "dumb" else "xterm",
        COLUMNS="30" if terminal == "narrow" else "80",
        PYTHONPATH=":".join(sys.path),
    )
    drawn = terminal in ("xterm-256color", "file")
    assert ("Delivering" in said.out) is drawn
    shown = "\n".join(line[20:] if line[:2] == "20" else line for line in screen(said.out, 80, lines=20))
    log = "a line of\n    the log" if terminal == "narrow" else "a line of the log"
    printed = f"a line of standard output\n{log}\n{'x' * 100}\nthe end"
    if terminal == "file":
        assert shown == log
        assert (crosspost.folder / "out").read_text() == printed.replace(f"{log}\n", "") + "\n"
    else:
        assert shown.replace("x\nx", "xx").replace("x\nx", "xx") == printed
