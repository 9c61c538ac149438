"""`parley search`: ranked passages, no answer."""

from __future__ import annotations

from typing import Any

import click

from assistant.commands.flags import common_flags, common_from, date_flags, date_range, open_assistant
from assistant.errors import ConfigurationError, ExitCode
from assistant.sanitize import json_line


@click.command("search", short_help="Rank passages for a query, without an answer.")
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=5, show_default=True, help="How many passages.")
@common_flags
@date_flags
def command(query: tuple[str, ...], limit: int, since: str | None, until: str | None, **flags: Any) -> int:
    """Rank the passages of the articles for QUERY, by words and by meaning."""
    asked = " ".join(query)
    if not asked.strip():
        raise ConfigurationError("the query is empty", 'name what to look for: parley search "trade talks"')
    dates = date_range(since, until)
    common = common_from(flags)
    with open_assistant(common) as assistant:
        passages, status = assistant.search(asked, limit, dates)
    if common.as_json:
        from assistant.answer import search_json  # what the assistant has loaded

        click.echo(json_line(search_json(asked, passages, status)))
    elif passages:
        from assistant.render import Page  # rich, 0.1 s

        Page().passages(asked, passages)
    else:
        click.echo("No passage.")
    return ExitCode.ANSWERED if passages else ExitCode.NOT_FOUND
