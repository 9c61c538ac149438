"""`parley sessions`: saved conversations listed, shown, searched, renamed, deleted and exported."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.commands.flags import Common, common_flags, common_from
from assistant.commands.narration import tell
from assistant.commands.session_choice import complete_names, store_for
from assistant.errors import ConfigurationError, ExitCode
from assistant.phrasing import counted
from assistant.sanitize import json_line, sanitize_line
from assistant.sessions.formats import FORMATS, export_text

if TYPE_CHECKING:
    from assistant.sessions.export import Export
    from assistant.sessions.search import Hit
    from assistant.sessions.session import Session
    from assistant.sessions.summary import Summary

SCHEMA = "parley.sessions/1"
SEARCH_SCHEMA = "parley.session-search/1"
NAME = click.argument("name", shell_complete=complete_names)


class Subcommands(click.Group):
    """Says what there is where somebody asks for something else."""

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; an unknown command gets a hint."""
        if args[0] not in self.commands and not context.resilient_parsing:
            hint = f"parley sessions alone lists them. Known: {', '.join(self.commands)}"
            raise ConfigurationError(f"parley sessions has no command {args[0]!r}", hint)
        return super().resolve_command(context, args)


@click.group("sessions", cls=Subcommands, invoke_without_command=True, short_help="Saved conversations.")
@common_flags
@click.pass_context
def command(context: click.Context, /, **flags: Any) -> int:
    """List the conversations that are kept with `parley ask --session NAME`, last used first.

    NAME is a session's name or id, or the beginning of one where only one begins so.
    """
    context.obj = flags
    if context.invoked_subcommand is None:
        _print_list(_common(flags))
    return ExitCode.ANSWERED


def _common(flags: dict[str, Any]) -> Common:
    """The common flags, wherever they stand: before the name of a subcommand or after it."""
    before = click.get_current_context().find_object(dict) or {}
    return common_from({name: value or before.get(name) for name, value in flags.items()})


def _print_list(common: Common) -> None:
    summaries = store_for(common).list()
    if common.as_json:
        click.echo(json_line(_listed(summaries)))
        return
    for summary in summaries:
        told = [summary.name, counted(summary.turns, "question"), _minute(summary.used), summary.question or ""]
        click.echo(" · ".join(sanitize_line(part) for part in told))
    if not summaries:
        click.echo("No session.")


def _listed(summaries: tuple[Summary, ...]) -> dict[str, Any]:
    return {"schema": SCHEMA, "sessions": [summary.to_json() for summary in summaries]}


def _minute(time: datetime) -> str:
    """A time as the clock on the wall shows it."""
    return f"{time.astimezone():%Y-%m-%d %H:%M}"


@command.command("show", short_help="Print a conversation, and which citations no longer stand.")
@NAME
@common_flags
def show(name: str, **flags: Any) -> int:
    """Print the questions and answers of the session NAME, oldest first.

    Each citation is looked up in its article; one that has moved, or that no longer stands there, says so.
    """
    common = _common(flags)
    exported = _export(store_for(common).open(name), common)
    if common.as_json:
        click.echo(json_line(exported.to_json()))
        return ExitCode.ANSWERED
    from assistant.render import Page  # rich, 0.1 s
    from assistant.sessions.standing import in_words

    page = Page()
    click.echo(f"{sanitize_line(exported.name)} ({exported.id})")
    for turn in exported.turns:
        click.echo(f"\n> {sanitize_line(turn.answer.question)}  ({_minute(turn.at)})\n")
        if turn.answer.standalone:
            click.echo(f"Looked for as: {sanitize_line(turn.answer.standalone)}\n")
        page.answer(
            turn.answer, {item.id: in_words(item, turn.standings[item.id]) for item in turn.answer.citations}
        )
    return ExitCode.ANSWERED


def _export(session: Session, common: Common) -> Export:
    from assistant.sessions.export import export
    from assistant.sessions.standing import articles_in

    return export(session, articles_in(common.settings.corpus), datetime.now(UTC))


@command.command("search", short_help="Find questions, answers and quotes by their words.")
@click.argument("words", nargs=-1, required=True)
@common_flags
def search(words: tuple[str, ...], **flags: Any) -> int:
    """Print the turns of all sessions that hold every one of WORDS, those of the last used session first."""
    common = _common(flags)
    asked = " ".join(words)
    hits = store_for(common).search(asked)
    if common.as_json:
        found = {"schema": SEARCH_SCHEMA, "words": asked, "hits": [hit.to_json() for hit in hits]}
        click.echo(json_line(found))
    else:
        for hit in hits:
            _print_hit(hit)
        if not hits:
            click.echo("No question.")
    return ExitCode.ANSWERED if hits else ExitCode.NOT_FOUND


def _print_hit(hit: Hit) -> None:
    place = f"{hit.session.name} · {hit.number} · {_minute(hit.turn.at)} · {hit.turn.answer.question}"
    click.echo(sanitize_line(place))
    if hit.excerpt != hit.turn.answer.question:
        click.echo(f"    {sanitize_line(hit.excerpt)}")


@command.command("rename", short_help="Call a session something else.")
@NAME
@click.argument("new")
@common_flags
def rename(name: str, new: str, **flags: Any) -> int:
    """Call the session NAME from now on NEW."""
    common = _common(flags)
    renamed = store_for(common).rename(name, new)
    _report(renamed, f"it is called {renamed.name!r} now", common)
    return ExitCode.ANSWERED


@command.command("delete", short_help="Take a session away; restore brings it back.")
@NAME
@click.option("--yes", is_flag=True, help="Do not ask whether to.")
@common_flags
def delete(name: str, yes: bool, **flags: Any) -> int:
    """Delete the session NAME, after asking on a terminal; within thirty days it can be restored."""
    common = _common(flags)
    store = store_for(common)
    summary = store.open(name).summary()
    if not yes and not _agreed(summary, common):
        tell("nothing was deleted")
        return ExitCode.ANSWERED
    deleted = store.delete(summary.id)
    restoring = common.calling(f"parley sessions restore {deleted.id}")
    _report(deleted, f"deleted {deleted.name!r}; bring it back with: {restoring}", common)
    return ExitCode.ANSWERED


def _agreed(summary: Summary, common: Common) -> bool:
    """Whether somebody who is asked says yes.

    Raises:
        ConfigurationError: nobody can be asked.
    """
    if common.no_input or not sys.stdin.isatty():
        raise ConfigurationError("nothing was deleted, for nobody can be asked whether to", "agree with --yes")
    name = sanitize_line(summary.name)
    return click.confirm(f"Delete the session {name!r} with {counted(summary.turns, 'question')}?", err=True)


@command.command("restore", short_help="Bring a deleted session back.")
@click.argument("name")
@common_flags
def restore(name: str, **flags: Any) -> int:
    """Bring back the session NAME that was deleted within the last thirty days."""
    common = _common(flags)
    restored = store_for(common).restore(name)
    _report(restored, f"{restored.name!r} is back", common)
    return ExitCode.ANSWERED


def _report(summary: Summary, told: str, common: Common) -> None:
    """Say what was done: as JSON on stdout, else on stderr."""
    if common.as_json:
        click.echo(json_line(_listed((summary,))))
    elif not common.quiet:
        tell(told)


@command.command("export", short_help="Write a session as Markdown, HTML or JSON, with full citations.")
@NAME
@click.option(
    "--format", "kind", type=click.Choice(list(FORMATS)), help="By default what FILE ends with, or markdown."
)
@click.option("--output", metavar="FILE", help="Write there and not to stdout.")
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@common_flags
def export_command(name: str, kind: str | None, output: str | None, force: bool, **flags: Any) -> int:
    """Write the session NAME with every citation in full: article, place, outlet, date, title, quote.

    Each is looked up in its article; one that has moved, or that no longer stands there, says so.
    """
    common = _common(flags)
    kind = _format(kind, output, as_json=common.as_json)
    text = export_text(_export(store_for(common).open(name), common), kind)
    if output is None:
        click.echo(text, nl=False)
        return ExitCode.ANSWERED
    from assistant.sessions.new_file import write_whole

    write_whole(Path(output), text, over=force)
    if not common.quiet:
        tell(f"wrote {output}")
    return ExitCode.ANSWERED


def _format(kind: str | None, output: str | None, *, as_json: bool) -> str:
    if as_json and kind not in (None, "json"):
        raise ConfigurationError(f"--json and --format {kind} name two formats", "leave one of them out")
    if as_json or kind:
        return kind or "json"
    suffix = Path(output or "").suffix.lower()
    return next((format_ for format_, suffixes in FORMATS.items() if suffix in suffixes), "markdown")
