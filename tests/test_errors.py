"""Errors: one tree, drawn where it is defined, and sentences in one form."""

import ast
import inspect
import re
from collections.abc import Iterator
from typing import get_args

import pytest

from crosspost import errors
from crosspost.errors import CrosspostError
from crosspost.policy import Outcome, Unsettled, Verdict
from tests.project.test_imports import modules

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


# Sentences. People read them after a name and a colon: "blog: the feed of blog.example is empty; …".

SAID_IN = {"Event": "text", "Need": "text"} | {
    kind.__name__: "reason" for kind in get_args(Outcome | Unsettled | Verdict)
}
"""What else people are told, by the class that carries it, and the keyword."""
NAMES = "Apprise Facebook LinkedIn PostgreSQL SQLite Tumblr X".split()
"""What is written with a capital wherever it stands."""


def sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the sentences given to errors and to what people are told, with "…" for all that is computed."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                name = call.func.id
                given = call.args[:1] if name in ERRORS else []
                given += [word.value for word in call.keywords if word.arg == SAID_IN.get(name, "")]
                for expression in given:
                    yield from ((call.lineno, text) for text in spoken(expression, function))


def spoken(expression: ast.expr, function: ast.AST) -> Iterator[str]:
    """Yield what an expression may say. A variable says all that its function assigns to it."""
    match expression:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from (a + b for a in spoken(left, function) for b in spoken(right, function))
        case ast.IfExp(body=one, orelse=other):
            yield from (*spoken(one, function), *spoken(other, function))
        case ast.Name(id=name):
            for node in ast.walk(function):
                if isinstance(node, ast.Assign) and any(ast.unparse(target) == name for target in node.targets):
                    yield from spoken(node.value, function)
        case _:
            yield "…"


@pytest.mark.parametrize("module", modules())
def test_sentences_have_one_form(module: str) -> None:
    for line, text in sentences(modules()[module]):
        where = f"{module}:{line}: {text}"
        capital = re.match(r"[A-Z][a-z]*\b", text)
        assert capital is None or capital[0] in NAMES, f"a capital begins {where}"
        assert not re.search(r"[.!\s]$", text), f"no full stop ends what is told: {where}"
        assert not re.search(r"[.!] [A-Z]", text), f"join with a semicolon: {where}"


def test_the_form_is_looked_for_where_sentences_are_made() -> None:
    made = """
def f(x):
    says = "It is. "
    if x:
        raise FeedError(f"the feed of {x} is empty. Check it.")
    return Failed(reason=says + ("a" if x else "b"))
"""
    told = {text for _, text in sentences(ast.parse(made))}
    assert told == {"the feed of … is empty. Check it.", "It is. a", "It is. b"}
    everywhere = sum(1 for tree in modules().values() for _, text in sentences(tree) if text.strip("…"))
    assert everywhere > 200
