"""What is written down is true: settings, verbs and options, the example configuration, the worked example."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from crosspost.cli import VERBS, cli
from crosspost.compose import Template
from crosspost.compose.jinja import environment
from crosspost.config import Config, load
from crosspost.config.model import ChannelKeys, Feed, Person, Promotion, TimeBox, TopLevel, Utm
from crosspost.config.notify import SERVICES, Notify
from crosspost.config.units import parse_duration
from crosspost.contract.registry import adapter_class, kinds
from tests.project.test_imports import modules

ROOT = Path(__file__).parents[2]
CONFIGURATION = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "config.example.toml"
TEXT = ("", ".md", ".yaml", ".service", ".timer")
MODELS: dict[str, type[BaseModel]] = {
    "The file's own keys": TopLevel,
    "A feed": Feed,
    "A channel": ChannelKeys,
    "The time box": TimeBox,
    "A person": Person,
    "Promotion": Promotion,
    "utm": Utm,
    "notify": Notify,
    **SERVICES,
    **{kind: adapter_class(kind).Settings for kind in kinds()},
}
"""The heading under which docs/configuration.md describes a model's keys."""


def section(heading: str, text: str = CONFIGURATION) -> str:
    """Return what stands below a heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/configuration.md has no heading {heading!r}"
    return found[1]


def keys_of_table(text: str) -> list[str]:
    """Return what stands in backticks in the first cell of each row."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def prose() -> dict[Path, str]:
    """Return every text that tells people what to do, examples included."""
    found = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*")]
    return {path: path.read_text(encoding="utf-8") for path in found if path.suffix in TEXT and path.is_file()}


# Settings


@pytest.mark.parametrize("heading", MODELS)
def test_every_setting_is_documented_and_every_documented_one_exists(heading: str) -> None:
    assert sorted(keys_of_table(section(heading))) == sorted(MODELS[heading].model_fields)


@pytest.mark.parametrize("heading", MODELS)
def test_documented_defaults_are_the_real_ones(heading: str) -> None:
    for key, cell in re.findall(r"^\| `([^`]+)` \| [^|]+ \| `([^`]+)` \|", section(heading), re.MULTILINE):
        written = tomllib.loads(f"value = {cell}")["value"]
        default = MODELS[heading].model_fields[key].get_default(call_default_factory=True)
        if isinstance(default, timedelta):
            written = parse_duration(written)
        elif isinstance(default, Decimal):
            written = Decimal(str(written))
        real = list(default) if isinstance(default, tuple) else default
        assert written == real or written == str(real), f"{heading}: {key} is {default!r}, not {cell}"


def test_required_settings_are_said_to_be_required() -> None:
    for heading in ("A feed", "A channel", *SERVICES, *kinds()):
        said = set(re.findall(r"^\| `([^`]+)` \| [^|]+ \| required \|", section(heading), re.MULTILINE))
        fields = MODELS[heading].model_fields
        assert said == {key for key, field in fields.items() if field.is_required()}, heading


# The example configuration


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> Config:
    """Load the example as a newcomer would: with no credential anywhere."""
    for name in list(os.environ):
        monkeypatch.delenv(name)
    return load(EXAMPLE)


def test_the_example_loads_and_shows_every_adapter(loaded: Config) -> None:
    assert {channel.adapter for channel in loaded.channels.values()} == set(kinds())


def test_the_example_shows_every_key(loaded: Config) -> None:
    """A key may stand in a comment, as `# key = ...`, or be a table."""
    text = EXAMPLE.read_text(encoding="utf-8")
    shown = set(re.findall(r"(?:^|[{,]|# )\s*([a-z_]+) = ", text, re.MULTILINE))
    shown |= set(re.findall(r"^(?:# )?\[(?:notify\.|channels\.\w+\.)?([a-z_]+)", text, re.MULTILINE))
    common = {key for heading in MODELS.keys() - set(kinds()) for key in MODELS[heading].model_fields}
    assert common - {"feeds", "channels"} <= shown
    for kind in kinds():
        tables = [table for table in tomllib.loads(text)["channels"].values() if table["adapter"] == kind]
        own = set().union(*tables) | (shown & {"base_url", "login_url"})
        assert set(MODELS[kind].model_fields) <= own, f"{kind} lacks {set(MODELS[kind].model_fields) - own}"


def test_the_example_holds_no_secret_and_writes_only_under_var(loaded: Config) -> None:
    folder = ROOT / "var"
    assert loaded.database.path is not None
    assert loaded.database.path.is_relative_to(folder)
    for channel in loaded.channels.values():
        owned = channel.adapter_class.owns(channel.settings)
        assert all(Path(path).is_relative_to(folder.resolve()) for path in owned)
        assert channel.dry_run or owned, "what has no credential is a dry run"


# Verbs


def option_names(command: click.Command) -> set[str]:
    return {
        name for one in command.params if isinstance(one, click.Option) for name in one.opts if name[:2] == "--"
    }


def command_of(verb: str) -> click.Command:
    command = cli.get_command(click.Context(cli), verb)
    assert command is not None
    return command


def test_verbs_are_the_commands_that_exist() -> None:
    made = {verb for module, _ in VERBS.values() for verb in import_module(f"crosspost.cli.{module}").COMMANDS}
    assert made == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_the_list_of_verbs_says_what_the_verb_says(verb: str) -> None:
    shown = command_of(verb).get_help(click.Context(cli))
    assert VERBS[verb][1] in " ".join(shown.split())


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented_and_shows_its_options(verb: str) -> None:
    assert any(re.search(rf"crosspost {verb}(?![\w-])", text) for text in prose().values()), verb
    command = command_of(verb)
    shown = command.get_help(click.Context(command, info_name=verb))
    assert all(name in shown for name in option_names(command))


def test_documented_commands_exist_with_their_options() -> None:
    """In code: inline, in a block, or in an example. `crosspost is` in a sentence is none."""
    for path, text in prose().items():
        code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^```(?:sh|text)\n(.*?)^```", text, re.M | re.S)
        code += [] if path.suffix == ".md" else [text]
        for verb, rest in re.findall(
            r"(?:^|/bin/)crosspost ([a-z][a-z-]*)([^\n|#]*)", "\n".join(code), re.MULTILINE
        ):
            assert verb in VERBS, f"{path.name}: crosspost {verb}"
            for option in re.findall(r"--[a-z-]+", rest):
                assert option in option_names(command_of(verb)), f"{path.name}: crosspost {verb} {option}"


# Templates


def test_documented_template_variables_are_those_there_are() -> None:
    from crosspost.compose.draft import Ingredients, _values
    from crosspost.model import Entry

    config = load(EXAMPLE)
    channel, moment = config.channels["linkedin"], datetime(2026, 8, 1, tzinfo=UTC)
    made_of = Ingredients(
        entry=Entry(feed="blog", title="T", permalink="https://blog.example/"),
        channel=channel,
        template=Template("", name="docs"),
        zone=config.timezone,
        published=moment,
    )
    values = {*_values(made_of, summary="", body="", link=""), "opening", "title", "excerpt", "hashtags"}
    assert set(keys_of_table(section("Variables"))) == values


def test_documented_filters_are_those_there_are() -> None:
    told = set(re.findall(r"`([a-z]+)`", section("Filters").partition("there are these:")[2]))
    assert told | {"date"} == set(environment().filters)


def test_documented_dates_are_written_so() -> None:
    day = datetime(2026, 8, 1, tzinfo=UTC)
    for language in ("fr-CA", "en", "de"):
        written = Template("{{ published|date(language) }}", name="docs")
        shown = written.render({"published": day, "language": language})
        assert f"`{shown}`".replace("\u00a0", " ") in section("Filters")


# Links and files


def test_links_between_documents_lead_somewhere() -> None:
    for path, text in prose().items():
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text):
            assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} links to {target}"


def test_files_named_in_documents_are_there() -> None:
    """By their path from the top, in code: `docs/operations.md`. Decisions may name what was."""
    more = {
        ROOT / name: (ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "SECURITY.md")
    }
    for path, text in (prose() | more).items():
        for named in re.findall(r"`((?:adapters|crosspost|docs|examples|tests)/[\w./-]+)`", text):
            assert (ROOT / named).exists() or path.parent.name == "decisions", f"{path.name}: {named}"


# Sentences that the program says


def sentences() -> set[str]:
    """Return every text of what ships but docstrings, each on one line, with … for what is put in."""
    found = set()
    for tree in modules().values():
        inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        inner |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = [str(one.value) if isinstance(one, ast.Constant) else "…" for one in node.values]
                found.add(" ".join("".join(parts).split()))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
                found.add(" ".join(node.value.split()))
    return found


def test_sentences_quoted_in_documents_are_said_by_the_program() -> None:
    """What stands in quotes in a page for users, outside code, is the program's. A … stands for any words."""
    said = "\n".join(sentences())
    for path, text in prose().items():
        if path.suffix == ".md" and path.parent.name != "decisions":
            words = re.sub(r"^```.*?^```|`[^`\n]+`", "", text, flags=re.MULTILINE | re.DOTALL)
            for quoted in re.findall(r'"([^"]+)"', words):
                parts = (re.escape(part.strip()) for part in " ".join(quoted.split()).split("…"))
                assert re.search(".*".join(parts), said), f"{path.name}: {quoted!r}"


# The worked example


def test_the_worked_example_of_an_adapter_passes_its_inherited_tests(tmp_path: Path) -> None:
    text = (ROOT / "docs/write-an-adapter.md").read_text(encoding="utf-8")
    files = dict(re.findall(r"^\*\*`([\w.]+)`\*\*\n\n```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    assert set(files) == {"crosspost_webhook.py", "webhook_stand_in.py", "test_webhook.py", "pyproject.toml"}
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    # What installing the package would leave in site-packages.
    project = tomllib.loads(files["pyproject.toml"])["project"]
    info = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1.0\n")
    points = [f"{name} = {value}" for name, value in project["entry-points"]["crosspost.adapters"].items()]
    (info / "entry_points.txt").write_text("\n".join(["[crosspost.adapters]", *points, ""]))
    here = {**os.environ, "PYTHONPATH": str(tmp_path)}
    for command, said in (
        (
            ["-m", "pytest", "-v", "-p", "no:cacheprovider", "-W", "error"],
            "test_a_lost_answer_is_uncertain[True] PASSED",
        ),
        (["-m", "crosspost", "adapters"], "webhook: Publish notices: a text, and the link beside it."),
    ):
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path, env=here, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert said in done.stdout
        assert "failed" not in done.stdout


# Docstrings, which editors show alone


@pytest.mark.parametrize("module", modules())
def test_docstrings_stand_alone_in_a_hover(module: str) -> None:
    """None leans on the one before it, or begins with another function's name for what it does."""
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            said = " ".join((ast.get_docstring(node) or "").split())
            leans = re.search(r"\b(Do so|Do both|Do as|Do it|[Aa]s above|[Ss]ee above)\b", said)
            assert not leans, f"{module}: {said}"
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # a constant's or a field's too
            said = str(node.value.value)
            assert not re.match(r"(Its|The same)\b", said), f"{module}: {said}"
