"""Which entries a channel announces, which of them sell something, and which come first."""

from collections.abc import Iterable, Mapping


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


def promotional(categories: Iterable[str], selling: Iterable[str]) -> bool:
    """Tell whether an entry of these categories sells something."""
    return not {category.casefold() for category in categories}.isdisjoint(one.casefold() for one in selling)


def priority(categories: Iterable[str], of_feed: int, by_category: Mapping[str, int]) -> int:
    """Return an entry's priority: its feed's, and that of the category that has the highest."""
    has = {category.casefold() for category in categories}
    return of_feed + max((value for name, value in by_category.items() if name.casefold() in has), default=0)
