"""Jinja2, sandboxed and bounded, with dates in the entry's language. Imported when a template is compiled."""

from collections.abc import Iterable
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crosspost.compose.dates import show_date

_LONGEST_SEPARATOR = 20
# Filters that make text of a chosen width or number can fill the memory; the sandbox does not mind.
_FILTERS = (
    "abs capitalize count default escape first float int last length lower max min reverse round"
    " select reject sort string striptags sum title trim truncate unique upper wordcount"
).split()

# What a template can make Jinja2 and its filters raise; `truncate` asserts.
FAILURES = (
    TemplateError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(("*", "**", "%", "<<"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, int) and isinstance(right, int) and max(abs(left), abs(right)) < 10_000:
            if operator == "**":
                raise SecurityError("** is not available in templates")
            return super().call_binop(context, operator, left, right)
        raise SecurityError(f"{operator} is for small numbers only in templates")

    def call(self, *_context_function_arguments: Any, **_named: Any) -> Any:
        raise SecurityError("nothing can be called in templates; use a filter, such as {{ title|upper }}")


def environment() -> ImmutableSandboxedEnvironment:
    """Return the environment of one template."""
    made = _Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in _FILTERS}
    made.filters["date"] = show_date
    made.filters["join"] = _join
    return made


def _join(values: Iterable[object], separator: str = "") -> str:
    """Join, but not with something as long as a text: that is how a small template fills the memory."""
    if isinstance(values, str) or len(separator) > _LONGEST_SEPARATOR:
        raise SecurityError(f"join takes a list and at most {_LONGEST_SEPARATOR} characters between")
    return separator.join(map(str, values))
