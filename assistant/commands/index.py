"""`parley index`: build the index, or bring it up to date."""

from __future__ import annotations

from typing import Any

import click

from assistant.commands.flags import common_flags, common_from, embedder
from assistant.commands.narration import Narrator, sync_summary
from assistant.sanitize import json_line

SCHEMA = "parley.index/1"


@click.command("index", short_help="Build the index, or bring it up to date.")
@click.option("--rebuild", is_flag=True, help="Build everything anew beside the present index, then swap it in.")
@common_flags
def command(rebuild: bool, **flags: Any) -> None:
    """Index the articles: read what is new or changed, forget what is gone.

    `ask` and `search` do so by themselves; this command is for doing it ahead of time.
    """
    from index.keeping import SYNC_WAIT_S
    from index.state import StateFolder
    from index.sync import sync

    common = common_from(flags)
    settings = common.settings
    narrator = Narrator(common.quiet)
    report = sync(
        settings.corpus,
        StateFolder.of(settings.corpus, settings.state),
        embedder(),
        narrator.progress,
        rebuild="asked for" if rebuild else None,
        wait_s=SYNC_WAIT_S,
    )
    narrator.remarks(report)
    if common.as_json:
        counts = (
            "articles",
            "passages",
            "added",
            "changed",
            "moved",
            "deleted",
            "encoded",
            "reused",
            "rebuilt",
        )
        found = {
            "schema": SCHEMA,
            **{name: getattr(report, name) for name in counts},
            "others": report.others,
        }
        click.echo(json_line({**found, "warnings": report.warnings}))
    else:
        click.echo(sync_summary(report))
