"""Read what a person answers, in whatever words they say it. Each raises `ValueError` with a sentence."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from crosspost.beginning.compose import SIGNATURE
from crosspost.beginning.guess import as_language, as_zone
from crosspost.beginning.write import refuse_unwritable, relative_to
from crosspost.config.zones import parse_zone
from crosspost.contract.registry import adapter_class, can_connect, kinds
from crosspost.errors import ConfigError

T = TypeVar("T")

_LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("english", "anglais"), "en"),
    **dict.fromkeys(("french", "français", "francais"), "fr"),
    **dict.fromkeys(("german", "deutsch", "allemand"), "de"),
    **dict.fromkeys(("spanish", "español", "espagnol"), "es"),
    **dict.fromkeys(("italian", "italiano", "italien"), "it"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A channel that a person can have. `title`: what its network is called."""

    name: str
    kind: str
    title: str
    purpose: str

    @property
    def is_signature(self) -> bool:
        return self.name == SIGNATURE


def offers() -> tuple[Offer, ...]:
    """Return the channels that can be had: the signature, and each network that can be connected."""
    found = [
        Offer(SIGNATURE, "email_signature", "Signature", "the signature of your e-mails; needs no account")
    ]
    for kind in kinds():
        try:
            adapter = adapter_class(kind)
        except ConfigError:
            continue  # a third party's that is broken: nobody can have it
        if can_connect(adapter):
            found.append(
                Offer(kind, kind, adapter.name, f"{adapter.name}; crosspost connect {kind} comes after")
            )
    return tuple(found)


def read_channels(said: str, offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Read numbers and names with commas or blanks between, each once."""
    known = {str(number): offer for number, offer in enumerate(offers, 1)}
    known |= {
        spelling.casefold(): offer for offer in offers for spelling in (offer.name, offer.kind, offer.title)
    }
    chosen: list[Offer] = []
    for word in re.split(r"[,;\s]+", said.strip(" ,;")):
        offer = known.get(word.casefold())
        if offer is None:
            there = ", ".join(offer.name for offer in offers)
            raise ValueError(f"there is no channel {word!r}; there are: {there}")
        if offer not in chosen:
            chosen.append(offer)
    return tuple(chosen)


def read_choice(said: str, options: Sequence[T]) -> T:
    """Read the number of one of several options."""
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= len(options)):
        raise ValueError(f"{said!r} is no number from 1 to {len(options)}")
    return options[int(said) - 1]


def read_language(said: str) -> str:
    """Read a language by its tag, or by its name."""
    tag = as_language(_LANGUAGES.get(said.strip().casefold(), said))
    if not tag:
        raise ValueError(f"{said!r} is no language; write its tag, such as en, fr or fr-CA")
    return tag


def read_zone(said: str) -> str:
    """Read a time zone by its name, or by its city."""
    return as_zone(said) or str(parse_zone(said))


def read_signature(said: str, folder: Path) -> str:
    """Read the path of a signature, as a configuration in `folder` names it; a folder will do."""
    said = said.strip()
    if not said or "\0" in said:
        raise ValueError("a signature needs the path of a file")
    try:
        whole = Path(os.path.abspath(Path(said).expanduser()))
        if said.endswith("/") or whole.is_dir():
            said, whole = os.path.join(said, SIGNATURE), whole / SIGNATURE
        refuse_unwritable(whole)
    except RuntimeError as error:
        raise ValueError(f"{said} names a home that does not exist; write the whole path") from error
    except OSError as error:
        raise ValueError(f"{said} cannot be written: {error}") from error
    except ConfigError as error:
        raise ValueError(str(error)) from error
    return relative_to(folder, said)
