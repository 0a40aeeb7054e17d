"""Log records on standard error: JSON lines for machines, plain ones for a terminal. Secrets are masked."""

import json
import logging
import sys
from datetime import UTC, datetime

from crosspost.redact import hide, without_controls
from crosspost.report import Event

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


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return hide(without_controls(super().format(record)))


def set_up(*, level: int = logging.INFO) -> None:
    """Send every record to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    terminal = sys.stderr.isatty()
    handler.setFormatter(_Plain("%(asctime)s %(message)s", "%H:%M:%S") if terminal else _Json())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # It logs each job, and one that a stop cut off with a traceback; ours tell of themselves.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)


def log_event(event: Event) -> None:
    """Log what happened; what needs a person as a warning."""
    level = logging.WARNING if event.needs_person else logging.INFO
    message = ": ".join(filter(None, (event.subject, event.what, event.text)))
    _log.log(level, message, extra={"data": {"event": event.what, "subject": event.subject, **event.data}})
