"""Errors: one tree, drawn where it is defined, and sentences in one form."""

import ast
import inspect
import re

from crosspost import errors
from crosspost.errors import CrosspostError
from tests.test_imports import modules

ERRORS = {
    name: kind
    for name, kind in vars(errors).items()
    if inspect.isclass(kind) and issubclass(kind, CrosspostError)
}


def test_the_picture_shows_the_tree_as_it_is() -> None:
    drawn: dict[str, str] = {}
    above: list[tuple[int, str]] = [(-1, "Exception")]
    for indent, name in re.findall(r"^( {4,})([A-Z]\w+)(?: {2}|$)", str(errors.__doc__), re.MULTILINE):
        while above[-1][0] >= len(indent):
            above.pop()
        drawn[name] = above[-1][1]
        above.append((len(indent), name))
    assert drawn == {name: kind.__mro__[1].__name__ for name, kind in ERRORS.items()}


def test_no_error_is_defined_anywhere_else() -> None:
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and module != "crosspost.errors":
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                assert not bases & ERRORS.keys(), f"{module}.{node.name} belongs into crosspost.errors"
