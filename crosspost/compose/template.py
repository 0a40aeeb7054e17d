"""A channel's template."""

from collections.abc import Mapping
from typing import Any

from crosspost.errors import ConfigError

_LONGEST_OUTPUT = 200_000


class Template:
    """One compiled template. Raise `ConfigError` with the line of what is wrong in it."""

    def __init__(self, source: str, *, name: str) -> None:
        """`name`: the channel's, for errors."""
        from jinja2 import TemplateSyntaxError  # late: what only looks at numbers needs no Jinja2

        from crosspost.compose.jinja import environment

        self.name = name
        self.source = source
        try:
            self._compiled = environment().from_string(source)
        except TemplateSyntaxError as error:
            raise ConfigError(
                f"channels.{name}.template, line {error.lineno} of the template: {error.message}"
            ) from error
        except RecursionError as error:
            raise ConfigError(f"channels.{name}.template is nested too deep; make it simpler") from error

    def uses(self, variable: str) -> bool:
        """Tell whether a variable stands in the template."""
        from jinja2 import meta

        from crosspost.compose.jinja import environment

        return variable in meta.find_undeclared_variables(environment().parse(self.source))

    def render(self, values: Mapping[str, Any]) -> str:
        from crosspost.compose.jinja import FAILURES

        pieces: list[str] = []
        size = 0
        try:
            for piece in self._compiled.generate(values):
                size += len(piece)
                if size > _LONGEST_OUTPUT:
                    raise ConfigError(
                        f"channels.{self.name}.template makes more than {_LONGEST_OUTPUT:,} characters"
                    )
                pieces.append(piece)
        except FAILURES as error:
            where = _line_in_template(error)
            raise ConfigError(f"channels.{self.name}.template{where}: {error}") from error
        return "".join(pieces)


def _line_in_template(error: BaseException) -> str:
    """Find the template's line in the traceback, which Jinja2 rewrites to it."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return f", line {line} of the template" if line else ""
