"""Dates as feeds write them: fully understood, or none (docs/decisions/0031). Pure."""

from crosspost.feeds.dates.company import Dated, Dates
from crosspost.feeds.dates.written import moment

__all__ = ["Dated", "Dates", "moment"]
