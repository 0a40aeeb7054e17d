"""Which entries a channel announces."""

from collections.abc import Iterable


def unwanted(categories: Iterable[str], include: Iterable[str], exclude: Iterable[str]) -> str:
    """Return why a channel does not announce an entry of these categories, or "" if it does."""
    has = {category.casefold() for category in categories}
    for refused in exclude:
        if refused.casefold() in has:
            return f"the channel excludes the category {refused}"
    wanted = list(include)
    if wanted and not any(category.casefold() in has for category in wanted):
        return f"the channel announces only {', '.join(wanted)}"
    return ""
