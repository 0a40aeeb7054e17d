"""The template sandbox: what a template may not do is a sentence with its line, never a crash."""

from datetime import UTC, datetime

import pytest

from crosspost.compose import Template
from crosspost.errors import ConfigError

VALUES = {
    "title": "L’été",
    "categories": ("Automne", "Québec"),
    "published": datetime(2026, 8, 1, tzinfo=UTC),
    "language": "fr-CA",
    "entry": {"title": "L’été"},
    "n": 5,
}


def render(source: str) -> str:
    return Template(source, name="x").render(VALUES)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ title.__class__.__mro__ }}",
        "{{ entry.__init__.__globals__ }}",
        "{{ self.__init__ }}",
        "{{ title|attr('__class__') }}",
        "{{ title.upper() }}",
        "{{ '{0.__class__}'.format(title) }}",
        "{{ range(10) }}",
        "{{ lipsum() }}",
        "{{ cycler('a') }}",
        "{{ published.isoformat() }}",
        "{% macro m() %}x{% endmacro %}{{ m() }}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{{ 'a' * 10**9 }}",
        "{{ 'a' * 9 }}",
        "{{ categories * 100000000 }}",
        "{{ 2 ** 9 }}",
        "{{ 9999 * 9999 * 9999 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ title|center(1000000000) }}",
        "{{ 1 / 0 }}",
        "{{ 1 + 'a' }}",
        "{{ categories[5] }}",
        "{{ title|date }}",
        "{{ published|date(5) }}",
        "{{ title|truncate(-5) }}",
        "{{ ['a', 1]|sort }}",
        "{{ titel }}",
        "{{ entry.titel }}",
        "{{ title|nosuch }}",
        "{{ title is nosuch }}",
        "{% if %}",
        "{% debug %}",
    ],
)
def test_what_a_template_may_not_do_is_named_with_its_line(source: str) -> None:
    with pytest.raises(ConfigError, match=r"^channels\.x\.template, line 2 of the template: .") as caught:
        render(f"{{{{ title }}}}\n{source}\nEnd.")
    assert " at 0x" not in str(caught.value)  # nobody is helped by an address in memory


@pytest.mark.parametrize(
    "source", ["{{" + "(" * 3000 + "1" + ")" * 3000 + "}}", "{{ 1" + " + 1" * 20_000 + " }}"]
)
def test_a_template_too_deep_to_read_is_named(source: str) -> None:
    with pytest.raises(ConfigError, match=r"^channels\.x\.template is nested too deep; make it simpler"):
        render(source)


def test_loops_in_loops_end_at_the_longest_output() -> None:
    bomb = "{% for a in 'aaaaaaaaaaaaaaaaaaaa' %}" * 9 + "xxxxxxxxxx" + "{% endfor %}" * 9
    with pytest.raises(ConfigError, match="makes more than 200,000 characters"):
        render(bomb)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ title|upper }}", "L’ÉTÉ"),
        ("{% for c in categories %}{{ c }}{% if not loop.last %}, {% endif %}{% endfor %}", "Automne, Québec"),
        ("{{ categories|join(', ') }}", "Automne, Québec"),
        ("{{ n * 3 + 1 }} {{ n % 3 }}", "16 2"),
        ("{{ nothing|default('-') }}", "-"),
        ("{% if language[:2] == 'fr' %}Billet{% else %}Post{% endif %}", "Billet"),
        ("{% raw %}{{ title }}{% endraw %}", "{{ title }}"),
        ("<b>&</b>{{ '<&>' }}", "<b>&</b><&>"),
        ("{{ published|date(language) }}", "1er\u00a0août 2026"),
        ("{{ published|date('en-CA') }}", "August\u00a01, 2026"),
        ("{{ published|date('de') }} {{ published|date }}", "1.\u00a0August 2026 2026-08-01"),
    ],
)
def test_what_a_template_may_do(source: str, text: str) -> None:
    assert render(source) == text
