"""Data goes one way: each module imports only what stands above it. Function-level imports count too."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# From the top down, as in docs/architecture.md: each may import what stands before it.
ORDER = (
    "redact errors model report files apart child text http contract config feeds policy compose migrations"
    " vault store house intake accounts delivery people views notify engine beginning cli __main__"
).split()
BESIDE = {
    "sandbox": {"text"},
    "adapters": {"apart", "contract", "errors", "files", "http", "model", "redact", "sandbox", "text"},
    "testing": {"contract", "errors", "http", "model", "redact", "sandbox", "text"},
}
"""What stands beside the order: nobody in it imports these, and they may import only what is named here."""

ONLY_IN = {
    "httpx": "crosspost.http.wire",
    "apscheduler": "crosspost.engine.daemon",
    "nh3": "crosspost.feeds crosspost.compose.html",
    "jinja2": "crosspost.compose",
    "sqlalchemy": "crosspost.store crosspost.migrations",
    "alembic": "crosspost.store.database crosspost.migrations",
    "sqlite3": "crosspost.store",
    "psycopg": "",  # SQLAlchemy finds it by name
    "tenacity": "crosspost.http.again",
    "cryptography": "crosspost.vault",
    "tomlkit": "crosspost.config.edit",
    "aiosmtplib": "crosspost.notify.services",
    "apprise": "crosspost.notify.services",
    "oauthlib": "crosspost.http.oauth1 crosspost.sandbox",
    "PIL": "crosspost.child.picture crosspost.child.pixels crosspost.testing",
    "rich": "crosspost.cli",
    "twitter_text": "crosspost.adapters.x",
    "click": "crosspost.cli",
    "starlette": "crosspost.sandbox crosspost.adapters",
    "uvicorn": "crosspost.sandbox",
    "pytest": "crosspost.testing",
}
"""Library -> the modules (or packages) that may import it."""


@cache
def modules() -> dict[str, ast.Module]:
    """Parse everything that ships, by the name it is imported under."""
    found = {}
    for folder in ("crosspost", "adapters", "migrations"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = list(path.relative_to(ROOT).with_suffix("").parts)
            parts = parts if folder == "crosspost" else ["crosspost", *parts]
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return found


@cache
def imports(name: str) -> frozenset[str]:
    """Return what a module imports, anywhere in it; `from package import module` counts as the module."""
    return frozenset(_imports(name))


def _imports(name: str) -> Iterator[str]:
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = str(node.module)
            if node.level:
                # Within its folder only: a network comes and goes with it, and mypy follows these imports.
                assert node.level == 1, f"{name} imports relatively from elsewhere; name the whole module"
                assert top(name) == "adapters", f"{name} imports relatively; name the whole module"
                module = f"{'.'.join(name.split('.')[:3])}.{module}"
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                yield whole if whole in modules() else module


def top(name: str) -> str:
    """Return the part of crosspost a module belongs to; "" for crosspost itself, which holds the version."""
    return name.split(".")[1] if "." in name else ""


def ours(name: str) -> set[str]:
    """Return the parts of crosspost a module imports, apart from its own."""
    found = {top(wanted) for wanted in imports(name) if wanted.partition(".")[0] == "crosspost"}
    return found - {"", top(name)}


def test_every_part_has_its_place() -> None:
    assert {top(name) for name in modules()} - {""} == {*ORDER, *BESIDE}


@pytest.mark.parametrize("part", ["", *ORDER])
def test_a_part_imports_only_what_stands_above_it(part: str) -> None:
    above = set(ORDER[: ORDER.index(part)]) if part else set()
    for name in modules():
        if top(name) == part:
            assert ours(name) <= above, f"{name} reaches down: {sorted(ours(name) - above)}"


@pytest.mark.parametrize("part", BESIDE)
def test_what_stands_beside_imports_only_what_it_may(part: str) -> None:
    for name in modules():
        if top(name) == part:
            assert ours(name) <= BESIDE[part], f"{name}: {sorted(ours(name) - BESIDE[part])}"


def test_adapters_never_import_one_another() -> None:
    for name in modules():
        if top(name) == "adapters":
            network = ".".join(name.split(".")[:3])
            others = {wanted for wanted in imports(name) if wanted.startswith("crosspost.adapters")}
            assert {wanted for wanted in others if not wanted.startswith(f"{network}.")} == set(), name


def test_only_a_stand_in_needs_the_sandbox() -> None:
    """What runs with a user's blog must not need what only tests and the stage install."""
    for name in modules():
        if top(name) == "adapters" and not name.endswith(".stand_in"):
            assert "sandbox" not in ours(name), name
            assert not [wanted for wanted in imports(name) if wanted.endswith(".stand_in")], name


def test_the_core_never_imports_an_adapter() -> None:
    for name in (name for name in modules() if top(name) != "adapters"):
        assert not [wanted for wanted in imports(name) if wanted.startswith("crosspost.adapters")], name


def test_no_two_modules_import_each_other_even_by_way_of_others() -> None:
    graph = {name: {one for one in imports(name) if one in modules()} - {name} for name in modules()}
    done: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way, name))
        if name not in done:
            for wanted in graph[name]:
                walk(wanted, (*way, name))
            done.add(name)

    for name in graph:
        walk(name, ())


def test_nothing_hides_an_import_from_the_interpreter() -> None:
    for name, tree in modules().items():
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert "TYPE_CHECKING" not in used, f"{name} imports something only for the type checker"
        assert not used & {"import_module", "__import__"} or name == "crosspost.cli", name


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_only_where_it_may_be(library: str) -> None:
    places = ONLY_IN[library].split()
    for name in modules():
        if library in {wanted.partition(".")[0] for wanted in imports(name)}:
            allowed = any(name == place or name.startswith(f"{place}.") for place in places)
            assert allowed, f"{name} imports {library}; it belongs into {' or '.join(places)}"


def test_what_ships_imports_nothing_from_folders_that_do_not() -> None:
    for name in modules():
        assert not {wanted.partition(".")[0] for wanted in imports(name)} & {"tests", "adapters", "migrations"}


HEAVY = ("aiosmtplib alembic apscheduler cryptography httpx jinja2 nh3 PIL rich sqlalchemy tenacity").split()


@pytest.mark.parametrize(
    ("module", "too_heavy"),
    [
        ("crosspost.cli", [*HEAVY, "pydantic", "asyncio"]),  # --help
        ("crosspost.engine", HEAVY),  # the run that finds nothing new; httpx joins it when it polls
        ("crosspost.cli.act", HEAVY),
        ("crosspost.compose", HEAVY),  # only what takes HTML needs a sanitiser
        ("crosspost.adapters.x", HEAVY),
        # Each feed that changed starts such a process.
        ("crosspost.feeds.child, crosspost.feeds.entry", ["asyncio", "ssl", "httpx", "logging", "pydantic"]),
    ],
)
def test_what_is_not_needed_is_not_loaded(module: str, too_heavy: list[str]) -> None:
    code = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(too_heavy) & set(done.stdout.split())
