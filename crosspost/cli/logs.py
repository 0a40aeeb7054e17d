"""Log records on standard error: JSON lines for machines, plain ones for people. Secrets are masked."""

import json
import logging
import sys
from datetime import UTC, datetime, tzinfo

from crosspost.cli.terminal import echo, wrapped
from crosspost.redact import hide, without_controls
from crosspost.report import Event, What

_log = logging.getLogger("crosspost")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        values = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "data", {}),
        }
        if record.exc_info:
            values["traceback"] = self.formatException(record.exc_info)
        return hide(without_controls(json.dumps(values, ensure_ascii=False, default=str)))


class _Text(logging.Formatter):
    """Lines for people: the time by their clock, how grave it is where it is, and the sentence."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, self._zone)
        grave = f"{record.levelname.lower()} " if record.levelno != logging.INFO else ""
        said = without_controls(f"{time:%Y-%m-%d %H:%M:%S} {grave}{record.getMessage()}")
        lines = [wrapped(line, indent=4, err=True) for line in said.split("\n")]
        if record.exc_info:
            lines.append(self.formatException(record.exc_info))
        return hide(without_controls("\n".join(lines)))


class _Lines(logging.Handler):
    """Send records to standard error, above what is drawn there."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            echo(self.format(record), err=True)
        except Exception:
            self.handleError(record)


def set_up(*, level: int = logging.INFO, form: str | None = None, zone: tzinfo = UTC) -> None:
    """Send every record to standard error.

    `form`: `text` or `json`; None for text on a terminal, and JSON elsewhere. `zone`: of the times in text.
    """
    handler = _Lines()
    text = sys.stderr.isatty() if form is None else form == "text"
    handler.setFormatter(_Text(zone) if text else _Json())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # It logs each job, and one that a stop cut off with a traceback; ours tell of themselves.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)


def log_event(event: Event) -> None:
    """Log what happened; what needs a person as a warning."""
    level = logging.WARNING if event.needs_person else logging.INFO
    if event.what is What.DUE:  # a count for the bar
        level = logging.DEBUG
    message = ": ".join(filter(None, (event.subject, event.what, event.text)))
    _log.log(level, message, extra={"data": {"event": event.what, "subject": event.subject, **event.data}})
