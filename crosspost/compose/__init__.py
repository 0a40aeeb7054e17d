"""Entry + channel -> draft. Pure; the picture, if any, was fetched before."""

from crosspost.compose.draft import Ingredients, a_sample, compile_template, compose, compose_and_tell
from crosspost.compose.fit import Cut
from crosspost.compose.template import Template

__all__ = [
    "Cut",
    "Ingredients",
    "Template",
    "a_sample",
    "compile_template",
    "compose",
    "compose_and_tell",
]
