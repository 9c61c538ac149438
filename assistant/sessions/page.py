"""An export as one page of HTML that needs nothing else: no script, no network, no other file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment

from assistant.html_templates import templates_in
from assistant.phrasing import NOT_FOUND, in_words, name_place, name_source, shorts_to_show
from assistant.sessions import standing
from assistant.sessions.export import Export
from assistant.sessions.markdown import minute


def to_html(export: Export) -> str:
    """The whole session; each marker leads to its citation, and that shows what became of it."""
    return _environment().get_template("page.html.jinja").render(export=export)


@cache
def _environment() -> Environment:
    environment = templates_in(Path(__file__).parent)
    environment.globals.update(
        in_words=in_words,
        minute=minute,
        name_place=name_place,
        name_source=name_source,
        not_found=NOT_FOUND,
        shorts_to_show=shorts_to_show,
        told=standing.in_words,
    )
    return environment
