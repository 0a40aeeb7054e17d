"""What pydantic finds wrong, in words that go on after a key's name. Pure."""

from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel

from crosspost.config.together import nearest
from crosspost.config.where import Path

# By its types, in a word that goes on after "must be".
_MUST = {
    "string_type": "a string, in quotes",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": 'a list, such as ["one", "two"]',
    "dict_type": "a table",
    "model_type": "a table",
    "path_type": "the path of a file, in quotes",
    "too_short": "at least {min_length} long",
    "literal_error": "{expected}",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
}


def explanation(model: type[BaseModel], fault: Any, known: tuple[str, ...]) -> tuple[Path, str]:
    """Return the key that a finding is about, and what is wrong with it. `known`: the keys there are."""
    kind, loc = fault["type"], tuple(part for part in fault["loc"] if isinstance(part, str))
    in_name, loc = "[key]" in loc, tuple(part for part in loc if part != "[key]")
    around = _model_around(model, loc)
    field = around.model_fields.get(loc[-1]) if loc else None
    meaning = f" ({field.description})" if field is not None and field.description else ""
    if in_name:
        return loc, "is no name; use letters, digits, _ - and ., at most 64"
    if kind == "extra_forbidden":
        names = known if known and len(loc) == 1 else tuple(around.model_fields)
        return loc, f"is no key that exists here{nearest(loc[-1], names)}"
    if kind == "missing":
        return loc, f"is missing{meaning}"
    if kind in _MUST:
        item = next((f"item {part + 1} " for part in fault["loc"] if isinstance(part, int)), "")
        return loc, f"{item}must be {_MUST[kind].format(**fault.get('ctx', {}))}"
    return loc, f": {fault['msg'].removeprefix('Value error, ')}"


def _model_around(model: type[BaseModel], loc: Iterable[str]) -> type[BaseModel]:
    """Return the model that has the last key of `loc`."""
    for part in tuple(loc)[:-1]:
        field = model.model_fields.get(part)
        inner = (field.annotation, *get_args(field.annotation)) if field is not None else ()
        model = next((one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)), model)
    return model
