"""Dates as feeds write them: fully understood, or none (docs/decisions/0031). Pure.

written     one date, to its last sign, by the `names` of months, days and zones
company     the dates of a document, each judged by the others
"""

from crosspost.feeds.dates.company import Dated, Dates
from crosspost.feeds.dates.written import moment

__all__ = ["Dated", "Dates", "moment"]
