"""What both databases raise alike."""

from crosspost.errors import StoreError

NONSENSE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What code raises when a row holds what crosspost never wrote."""


def closed(where: object) -> StoreError:
    """Say that somebody asks a database that was closed: the program is ending."""
    return StoreError(f"the database {where} was closed, since crosspost is ending; the next run goes on")
