"""Entry + channel -> draft. Pure; the picture, if any, was fetched before."""

from crosspost.compose.draft import Ingredients, NoRoom, compile_template, compose
from crosspost.compose.template import Template

__all__ = ["Ingredients", "NoRoom", "Template", "compile_template", "compose"]
