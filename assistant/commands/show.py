"""`parley show`: the text behind a citation, read from the article itself."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from assistant.commands.flags import common_flags, common_from
from assistant.errors import ConfigurationError
from assistant.sanitize import json_line, sanitize_line
from assistant.settings import load_settings
from index.errors import IndexingError

SCHEMA = "parley.text/1"

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
    wanted = match["article"] if match else article
    name = _find(wanted, list(names))
    text = _read(common.settings.corpus / name)
    start, end = (int(match["start"]), int(match["end"])) if match and match["start"] else (0, len(text))
    if not start < end <= len(text):
        raise ConfigurationError(f"{name} has no characters {start}-{end}", f"it ends at {len(text)}")
    if common.as_json:
        found = {
            "schema": SCHEMA,
            "article": name,
            "start": start,
            "end": end,
            "text": text[start:end],
            "of": "file",
        }
        click.echo(json_line(found))
        return
    from assistant.render import Page  # rich, 0.1 s

    Page().excerpt(text, start, end)


def _find(wanted: str, names: list[str]) -> str:
    """The article of this name, or the only one whose name begins so.

    Raises:
        ConfigurationError: there is none, or more than one.
    """
    if wanted in names:
        return wanted
    beginning = [name for name in names if name.startswith(wanted) or Path(name).name.startswith(wanted)]
    if len(beginning) == 1:
        return beginning[0]
    close = beginning or difflib.get_close_matches(wanted, names, n=3, cutoff=0.3)
    several = "more than one article begins with" if beginning else "there is no article"
    raise ConfigurationError(f"{several} {wanted!r}", f"did you mean {' or '.join(close[:3])}?" if close else "")


def _read(path: Path) -> str:
    from index.articles import UnreadableArticle, decode
    from index.errors import CorpusError

    try:
        return decode(path.read_bytes())
    except UnreadableArticle as error:
        raise CorpusError(f"{path} {error}") from error
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}") from error
