"""Ask whoever is there: at a terminal, or through a pipe with a line for each answer; or nobody."""

import sys
from collections.abc import Callable
from typing import TypeVar

import click

from crosspost.beginning.places import holds_secret
from crosspost.cli.person import is_at_terminal, piped
from crosspost.cli.terminal import say
from crosspost.errors import ConfigError
from crosspost.feeds.address import without_user
from crosspost.redact import hide, remember_address

T = TypeVar("T")


class Person:
    """Be the person who answers.

    `takes_guesses`: nobody is asked, what was guessed is taken. `aside`: what is said goes to standard error.
    """

    def __init__(self, *, takes_guesses: bool, aside: bool) -> None:
        self.takes_guesses = takes_guesses
        self.aside = aside
        self.is_at_terminal = is_at_terminal() and not takes_guesses

    def say(self, text: str) -> None:
        """Say something, with every known secret masked."""
        say(hide(text), indent=2, err=self.aside)

    def warn(self, sentence: str) -> None:
        """Say what the person should heed."""
        self.say(f"{click.style('!', fg='yellow')} {sentence}")

    @property
    def good(self) -> str:
        """Return the mark of what was found or done."""
        return click.style("✓", fg="green")

    def ask(
        self,
        question: str,
        option: str,
        read: Callable[[str], T],
        *,
        given: str | None = None,
        default: str = "",
        by: str = "",
    ) -> T:
        """Ask until `read` takes the answer; it raises `ValueError` with a sentence. From a pipe, ask once.

        `given`: what the command line says already; `option`: what of it says the same; `by`: what the default
        was guessed by. Raise `UsageError` if nobody answers, `ConfigError` for what cannot be taken.
        """
        guessed = f"{question} (guessed by {by})" if by else question
        while True:
            answer = self._answer(guessed, option, default) if given is None else self._told(question, given)
            try:
                return read(answer)
            except ValueError as error:
                if not self.is_at_terminal:
                    raise ConfigError(str(error)) from error
                self.warn(str(error))
                given = None

    def _answer(self, question: str, option: str, default: str) -> str:
        if self.takes_guesses:
            if not default:
                raise click.UsageError(
                    f"--yes takes what is found, and nothing says {question.lower()}; give {option}"
                )
            return self._told(question, default)
        if self.is_at_terminal:
            aside = self.aside or not sys.stdout.isatty()
            answer = click.prompt(question, default=default, show_default=bool(default), err=aside)
            return str(answer).strip()
        otherwise = f"give {option}{' or --yes' if default else ''}"
        return self._told(question, piped(question, otherwise) or default)

    def _told(self, question: str, answer: str) -> str:
        """Say what was answered where nobody sees it typed."""
        if holds_secret(answer):
            remember_address(answer)
        self.say(f"{question}: {without_user(answer)}")
        return answer
