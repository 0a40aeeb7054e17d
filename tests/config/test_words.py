"""Opening lines of one's own: what is wrong with them is said with its line; which of them an entry gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.policy.words import opening
from tests.cli.program import CONFIG, Program

X = '[channels.x]\nadapter = "x"\ndry_run = true\n{}[channels.x.words]\n'
AT = CONFIG.count("\n") + 3
"""The line of the dry run above."""


@pytest.fixture
def crosspost(tmp_path: object) -> Program:
    return Program(tmp_path)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Python = []", "x.words.Python: must have 1 to 100 lines; write one, or take the category away"),
        (
            "Python = 5",
            'x.words.Python: must be a list of lines, such as ["New on the blog:", "Just published:"]',
        ),
        ('Python = ["A:", 5]', "x.words.Python: line 2 must be a string, in quotes"),
        ('Python = [" "]', "x.words.Python: line 1 is empty; write what it says, or take it away"),
        (f'Python = ["{"x" * 201}"]', "x.words.Python: line 1 has 201 characters; 200 are the most"),
        (
            'Python = ["a\\nb"]',
            "x.words.Python: line 1 holds a line break or a control character; take it away",
        ),
        (
            'Python = ["a\\u001bb"]',
            "x.words.Python: line 1 holds a line break or a control character; take it away",
        ),
        (
            'Python = ["a\\u2028b"]',
            "x.words.Python: line 1 holds a line break or a control character; take it away",
        ),
        (
            'Python.more = ["A:"]',
            'x.words.Python: must be a list of lines, such as ["New on the blog:", "Just published:"]',
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(crosspost: Program, words: str, says: str) -> None:
    crosspost.write("crosspost.toml", CONFIG + X.format("") + words + "\n")
    said = crosspost("check")
    assert (said.code, said.problems) == (
        2,
        [f"{crosspost.folder / 'crosspost.toml'}, line {AT + 2}: channels.{says}"],
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ('"Été" = "A:"\n"ÉTÉ" = "B:"', "names a category twice: Été and ÉTÉ; write all its lines in one list"),
        ('"" = "A:"', 'has a category without a name; "*" stands for every other'),
    ],
)
def test_categories_are_told_apart(crosspost: Program, words: str, says: str) -> None:
    crosspost.write("crosspost.toml", CONFIG + X.format("") + words + "\n")
    (problem,) = crosspost("check").problems
    assert problem.endswith(f"channels.x.words: {says}")


def test_words_are_a_table(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG + X.format('words = "New:"\n').partition("[channels.x.words]")[0])
    (problem,) = crosspost("check").problems
    assert problem.endswith("channels.x.words must be a table")


def test_one_alone_needs_no_brackets_and_a_template_that_shows_none_is_mentioned(crosspost: Program) -> None:
    template = 'template = "{{ title }} {{ link }}"\n'
    crosspost.write("crosspost.toml", CONFIG + X.format(template) + '"*" = "Nouveau :"\n')
    said = crosspost("check")
    assert said.code == 0
    assert "! channels.x.words: has words, but its template does not show them; write {{ opening }}" in said.out
    crosspost.write("crosspost.toml", CONFIG + X.format("") + '"*" = "Nouveau :"\n')
    assert "channels.x.words" not in crosspost("check").out
    assert "    Nouveau : One hour a week\n" in crosspost("preview", "https://blog.example/hour").out


def test_a_key_that_landed_among_the_words_is_mentioned(crosspost: Program) -> None:
    crosspost.write("crosspost.toml", CONFIG + X.format("") + '"*" = "Nouveau :"\nexclude = ["Québec"]\n')
    said = crosspost("check")
    assert said.code == 0
    says = "has lines for a category exclude; if the key was meant, put it above [channels.x.words]"
    assert f"! channels.x.words: {says}" in said.out


WORDS = {"Python": ("a", "b"), "Été": ("c",), "*": ("d", "e", "f")}


@pytest.mark.parametrize(
    ("categories", "line"),
    [(("python",), "a"), (("ÉTÉ", "Python"), "a"), (("e\u0301te\u0301",), "c"), (("autre",), "d"), ((), "d")],
)
def test_the_first_category_of_the_table_that_the_entry_has_speaks(
    categories: tuple[str, ...], line: str
) -> None:
    assert opening(WORDS, categories, {}) == line


def test_without_a_line_for_others_they_have_none() -> None:
    assert opening({"Python": ("a",)}, ("autre",), {}) == ""


@given(st.lists(st.sampled_from([(), ("Python",), ("Été",), ("Python", "Été")]), max_size=30))
def test_no_line_comes_again_until_all_were_said(history: list[tuple[str, ...]]) -> None:
    earlier: dict[tuple[str, ...], int] = {}
    said: dict[str, list[str]] = {}
    for categories in history:
        line = opening(WORDS, categories, earlier)
        said.setdefault(next(name for name, lines in WORDS.items() if line in lines), []).append(line)
        earlier[categories] = earlier.get(categories, 0) + 1
    for name, lines in said.items():
        count = len(WORDS[name])
        for begin in range(len(lines) - count + 1):
            assert len(set(lines[begin : begin + count])) == count
