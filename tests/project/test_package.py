"""What ships: the packages of pyproject.toml are the tree's, and wheel and sdist hold what they should."""

import fcntl
import shutil
import subprocess
import sys
import tarfile
import tomllib
from configparser import ConfigParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
NOT_SOURCE = shutil.ignore_patterns(
    ".git", ".venv", "var", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"
)


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def packages_of_the_tree() -> dict[str, Path]:
    """Return every package by the name it is imported under. The two folders beside crosspost move into it."""
    found = {}
    for folder in ("crosspost", "adapters", "migrations"):
        for init in (ROOT / folder).rglob("__init__.py"):
            parts = init.parent.relative_to(ROOT).parts
            found[".".join(parts if folder == "crosspost" else ("crosspost", *parts))] = init.parent
    # The pages about the networks are no code, and ship all the same: `crosspost adapters KIND` shows them.
    return found | {"crosspost.networks": ROOT / "docs/networks"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Build sdist and wheel once, as a release would: the wheel from the sdist. Return their folder."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent  # all of pytest-xdist's workers share one build
    out = shared / "built"
    with (shared / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not out.exists():
            # In a copy: setuptools leaves build/ behind, and would take a stale one into the next wheel.
            copy = shared / "source"
            shutil.copytree(ROOT, copy, ignore=NOT_SOURCE)
            command = [sys.executable, "-m", "build", "--outdir", str(shared / "building"), str(copy)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            (shared / "building").rename(out)
    return out


@pytest.fixture
def wheel(built: Path) -> ZipFile:
    (found,) = built.glob("*.whl")
    return ZipFile(found)


@pytest.fixture
def sdist(built: Path) -> set[str]:
    """Return the names in the sdist, without its leading folder."""
    (found,) = built.glob("*.tar.gz")
    with tarfile.open(found) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def test_pyproject_lists_every_package_of_the_tree() -> None:
    listed = project()["tool"]["setuptools"]["packages"]
    assert listed == sorted(packages_of_the_tree())


def test_every_folder_with_code_is_a_package() -> None:
    """A folder without __init__.py would be found here, and missing in the wheel."""
    for folder in ("crosspost", "adapters", "migrations"):
        for path in (ROOT / folder).rglob("*.py"):
            assert (path.parent / "__init__.py").is_file(), path


@pytest.mark.slow
@pytest.mark.timeout(600)
class TestBuilt:
    """Of the files that a release would upload."""

    def test_the_wheel_holds_every_module(self, wheel: ZipFile) -> None:
        names = set(wheel.namelist())
        for package, folder in packages_of_the_tree().items():
            for path in folder.glob("*.py"):
                assert f"{package.replace('.', '/')}/{path.name}" in names
        assert "crosspost/py.typed" in names
        assert "crosspost/adapters/x/__init__.py" in names
        assert "crosspost/migrations/versions/r0001_first_tables.py" in names

    def test_the_wheel_puts_nothing_but_crosspost_into_site_packages(self, wheel: ZipFile) -> None:
        tops = {name.partition("/")[0] for name in wheel.namelist()}
        assert tops == {"crosspost", f"crosspost-{project()['project']['version']}.dist-info"}

    def test_the_wheel_holds_no_module_twice_and_nothing_strange(self, wheel: ZipFile) -> None:
        names = wheel.namelist()
        assert len(names) == len(set(names))
        strange = [
            name
            for name in names
            if not name.endswith((".py", "/py.typed", ".mako")) and ".dist-info/" not in name
        ]
        pages = [f"crosspost/networks/{path.name}" for path in (ROOT / "docs/networks").glob("*.md")]
        assert sorted(strange) == sorted(pages)

    def test_the_wheel_registers_the_program_and_the_adapters(self, wheel: ZipFile) -> None:
        (name,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
        points = ConfigParser()
        points.optionxform = str  # type: ignore[method-assign, assignment]
        points.read_string(wheel.read(name).decode())
        expected = project()["project"]
        assert dict(points["console_scripts"]) == expected["scripts"]
        assert dict(points["crosspost.adapters"]) == expected["entry-points"]["crosspost.adapters"]
        folders = {path.parent.name for path in (ROOT / "adapters").glob("*/__init__.py")}
        assert set(points["crosspost.adapters"]) == folders

    def test_the_wheel_brings_its_licence(self, wheel: ZipFile) -> None:
        (name,) = (name for name in wheel.namelist() if name.endswith("/LICENSE"))
        assert b"MIT" in wheel.read(name)

    @pytest.mark.parametrize(
        "name",
        [
            "LICENSE",
            "README.md",
            "CHANGELOG.md",
            "Makefile",
            "Dockerfile",
            "config.example.toml",
            "requirements.lock",
            "requirements-dev.lock",
            "docs/configuration.md",
            "examples/blog/feed.xml",
            "examples/blog/pictures/harbour.png",
            "adapters/x/__init__.py",
            "migrations/script.py.mako",
            "tests/project/test_package.py",
            ".ci/run",
        ],
    )
    def test_the_sdist_is_the_whole_repository(self, sdist: set[str], name: str) -> None:
        assert name in sdist

    def test_nothing_built_or_private_ships(self, wheel: ZipFile, sdist: set[str]) -> None:
        for name in {*wheel.namelist(), *sdist}:
            assert not {".venv", ".git", "var", "__pycache__", "secrets"} & set(name.split("/")), name
            assert not name.endswith((".db", ".pyc")), name
