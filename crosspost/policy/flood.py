"""Tell a normal poll from a feed that was re-issued, or a backlog that should not pour out."""

from dataclasses import dataclass

FEW = 3
"""So many new entries at once are never a flood by their number alone."""
FAR_MORE = 3
"""More than so many times what the feed ever brought at once is a flood."""
STEP = 10
"""So many more than the feed ever brought at once are a flood too: else each burst allowed a larger one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """What a poll of a known feed brought. `recognised`: only the words are known, guid and link are new."""

    total: int
    """Entries in the document."""
    new: int
    """Entries nothing of which is known."""
    recognised: int
    """Entries known only by their words."""
    largest: int
    """The most new entries this feed ever brought at once."""
    shown: int | None = None
    """How many entries its last document had that had any; None: nobody noted it."""

    @property
    def may_replace_all(self) -> bool:
        """Whether news explains that nothing known is left: it was empty, or shows only its newest few."""
        few = self.shown is not None and max(self.shown, self.total) <= FEW
        return self.recognised == 0 and (few or self.shown == 0)


def judge_flood(seen: Flood) -> str:
    """Return "" if the new entries may be announced, else the sentence that says why they are held."""
    strangers = seen.new + seen.recognised
    familiar = seen.total - strangers
    if familiar == 0 and strangers >= 2 and not seen.may_replace_all:
        return (
            f"all {strangers} entries of the feed came under ids and links never seen before, "
            "as when a site moves; held, so that nothing is announced twice"
        )
    if seen.new > max(FEW, min(FAR_MORE * seen.largest, seen.largest + STEP)):
        if not seen.largest:
            return (
                f"{seen.new} entries are new at once, the first new ones of this feed; "
                "held, so that they do not pour out"
            )
        return (
            f"{seen.new} entries are new at once, and this feed never brought more than {seen.largest}; "
            "held, so that they do not pour out"
        )
    if seen.new > FEW and seen.new * 2 > seen.total:
        return (
            f"{seen.new} of the feed's {seen.total} entries are new at once; held, so that they do not pour out"
        )
    return ""
