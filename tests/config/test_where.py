"""The line of a key, in every way TOML can be written."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from crosspost.config.where import Path, line_of, lines_of_keys

TOML = '''\
# channels.x in a comment, and """ and [ that mean nothing
timezone = "UTC" # [feeds.no]
[feeds.blog]
url = "feed.xml"
[channels."my channel"]
template = """
[channels.false]
page = 1
\\""" still inside
"""
"caf\\u00e9" = 1
'it"s' = 2
feeds = [
  "blog", # ]
  ["not.a.table"],
  { a = "}" },
]
utm.source = "x"
utm . "medium" = "y"
utm.campaign = { deep = 1 }
literal = \'\'\'
a = 1\'\'\'
quoted = """a""""
after = 1
  [  channels . indented  ]
	tabbed = 1
[[channels.list]]
one = 1
text = "# no comment \\" [ {"
last = """x""" # """
very_last = 1'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("timezone", 2),
        ("feeds", 3),
        ("feeds blog url", 4),
        ("channels", 5),
        ("channels my~channel", 5),
        ("channels my~channel template", 6),
        ("channels my~channel café", 11),
        ('channels my~channel it"s', 12),
        ("channels my~channel feeds", 13),
        ("channels my~channel utm", 18),
        ("channels my~channel utm medium", 19),
        ("channels my~channel utm campaign deep", 20),
        ("channels my~channel literal", 21),
        ("channels my~channel quoted", 23),
        ("channels my~channel after", 24),
        ("channels indented", 25),
        ("channels indented tabbed", 26),
        ("channels list one", 28),
        ("channels list text", 29),
        ("channels list very_last", 31),
        ("channels my~channel no_such_key", 5),
        ("channels false page", 5),
        ("feeds no", 3),
    ],
)
def test_a_key_is_where_it_stands(path: str, line: int) -> None:
    tomllib.loads(TOML)
    words = tuple(word.replace("~", " ") for word in path.split(" "))
    assert line_of(words, lines_of_keys(TOML)) == line


def test_what_is_nowhere_has_no_line() -> None:
    assert line_of(("nowhere", "at_all"), lines_of_keys(TOML)) is None
    assert line_of((), lines_of_keys(TOML)) is None
    assert lines_of_keys("") == {}


def test_unusual_white_space_in_a_string_is_no_line_end() -> None:
    """`str.splitlines` thinks otherwise, and so do some editors; TOML's own lines end in a line feed."""
    assert lines_of_keys('a = "x\u2028y\u0085z"\nb = 1\n')["b",] == 2


words = st.text(st.characters(codec="utf-8"), max_size=12).map(
    lambda text: (
        '"'
        + "".join(f"\\U{ord(c):08x}" if c in '"\\' or ord(c) < 32 or ord(c) == 127 else c for c in text)
        + '"'
    )
)
lines = st.one_of(
    words.map(lambda word: f"{word} = 1"),
    words.map(lambda word: f"[{word}]"),
    st.tuples(words, words).map(lambda two: f"{two[0]} = [\n{two[1]},\n# [{two[1]}]\n]"),
    st.tuples(words, words).map(lambda two: f'{two[0]} = """\n{two[1].strip(chr(34))}\n[x]\n"""'),
)


@given(st.lists(lines, max_size=8))
def test_every_key_that_the_parser_finds_has_a_line(statements: list[str]) -> None:
    text = "\n".join(statements)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # the same key twice
        reject()
    assert set(lines_of_keys(text)) == set(paths(data))


def paths(data: dict[str, Any], here: Path = ()) -> list[Path]:
    found = []
    for name, value in data.items():
        found.append((*here, name))
        if isinstance(value, dict):
            found += paths(value, (*here, name))
    return found
