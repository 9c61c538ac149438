"""`parley show`: the text behind a citation, read from the article itself."""

from __future__ import annotations

import re
from typing import Any

import click
from click.shell_completion import CompletionItem

from assistant.commands.flags import common_flags, common_from
from assistant.errors import ConfigurationError
from assistant.excerpts import excerpt, find_article
from assistant.sanitize import json_line, sanitize_line
from assistant.settings import load_settings
from index.errors import IndexingError

_SPAN = re.compile(r"^(?P<article>.+?)(?::(?P<start>\d{1,18})-(?P<end>\d{1,18}))?$", re.DOTALL)


def _complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from index.folder import scan

    try:
        names = scan(load_settings(context.params).corpus).files
    except (IndexingError, ConfigurationError):
        return []
    # A shell would take a line break in a name for the end of the name, and a terminal obey an escape.
    plain = [name for name in sorted(names) if sanitize_line(name) == name]
    return [CompletionItem(name) for name in plain if name.startswith(incomplete)]


@click.command("show", short_help="Print an article, or the span that a citation names.")
@click.argument("article", metavar="ARTICLE[:START-END]", shell_complete=_complete)
@common_flags
def command(article: str, **flags: Any) -> None:
    """Print an article, or the characters START to END of it.

    Offsets are those of citations. The beginning of an article's name will do where only one begins so.
    """
    from index.folder import scan

    common = common_from(flags)
    names = scan(common.settings.corpus).files
    match = None if article in names else _SPAN.match(article)
    name = find_article(match["article"] if match else article, list(names))
    start, end = (int(match["start"]), int(match["end"])) if match and match["start"] else (0, None)
    shown = excerpt(common.settings.corpus, name, start, end)
    if common.as_json:
        click.echo(json_line(shown.to_json()))
        return
    from assistant.render import Page  # rich, 0.1 s

    Page().excerpt(shown.whole, shown.start, shown.end)
