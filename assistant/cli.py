"""The `parley` program: dispatches commands, and turns every failure into one line and an exit code."""

from __future__ import annotations

import difflib
import errno
import importlib
import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from assistant.commands.narration import clear_line
from assistant.errors import BackendError, ConfigurationError, ExitCode, error_json, told, without_a_model
from assistant.sanitize import json_line, sanitize_line
from index.errors import IndexingError

COMMANDS = ("chat", "ask", "search", "show", "index", "sessions", "eval", "mcp", "doctor")


_OF_THE_PROGRAM = ("-h", "--help", "--version", "--")
"""What may stand before a command."""


class PipeClosedError(Exception):
    """Whoever read our output has gone, as `head` does; told apart so that click does not call it a failure."""


class Commands(click.Group):
    """Imports the module of a command when it is called, so that --help and errors stay quick."""

    def list_commands(self, context: click.Context) -> list[str]:
        """In the order of the documentation, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of this name."""
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"assistant.commands.{name}").command
        return command

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """As click does; without a command, flags are those of the terminal UI."""
        flags_alone = not args or (args[0].startswith("-") and args[0] not in _OF_THE_PROGRAM)
        if flags_alone and not context.resilient_parsing:  # which it is where a shell completes a line
            args = ["chat", *args]
        return super().parse_args(context, args)

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; an unknown command gets the closest known one as a hint."""
        if args[0] not in COMMANDS and not context.resilient_parsing:
            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = (f"did you mean {close[0]}? " if close else "") + f"Known: {', '.join(COMMANDS)}"
            raise ConfigurationError(f"there is no command {args[0]!r}", hint)
        return super().resolve_command(context, args)

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        """As click does; help is printed here."""
        with _pipes_told_apart():
            return super().make_context(*arguments, **more)

    def invoke(self, context: click.Context) -> Any:
        """As click does; commands run here."""
        with _pipes_told_apart():
            return super().invoke(context)


@contextmanager
def _pipes_told_apart() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise PipeClosedError from error


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 answered, 2 usage, 3 not in these articles, 4 a claim was struck (--strict), "
    "5 corpus or index unusable, 6 backend unreachable, 9 evaluation gate failed, 10 gate inconclusive, "
    "130 interrupted.",
)
@click.version_option(package_name="parley", message="parley %(version)s")
def parley() -> None:
    """Ask a folder of articles, and see every sentence of the answer proven.

    Without a command the terminal UI opens: parley [FLAGS] is parley chat [FLAGS].
    """


def main() -> None:
    """Run the program; never returns."""
    _prepare_streams()
    try:
        code = _run()
    except (BrokenPipeError, PipeClosedError):
        _point_away(sys.stdout)
        code = ExitCode.PIPE_CLOSED
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        click.echo("parley: no space is left to write to. Free some, or write elsewhere", err=True)
        _point_away(sys.stdout)
        code = ExitCode.CORPUS
    sys.exit(code)


def _point_away(stream: TextIO) -> None:
    """Into nothing, so that closing the stream at exit does not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _prepare_streams() -> None:
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # Started with this stream closed: the next file opened, a database perhaps, would take its place.
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open as long as the program runs
        elif mode == "w":
            # An old terminal's encoding may lack a curly quote; an answer must not die of it.
            stream.reconfigure(errors="replace")


def _run() -> int:
    try:
        result = parley.main(prog_name="parley", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        return _fail(ExitCode.USAGE, error.format_message(), _usage_hint(error))
    except ConfigurationError as error:
        return _fail(ExitCode.USAGE, str(error), error.hint)
    except IndexingError as error:
        return _fail(ExitCode.CORPUS, str(error), error.hint)
    except BackendError as error:
        return _fail(ExitCode.BACKEND, str(error), without_a_model(error.hint))
    except (KeyboardInterrupt, click.Abort):
        return _interrupted()
    except Exception as error:
        if _began_with_interrupt(error):
            return _interrupted()
        if wants_json(sys.argv[1:]) and not isinstance(error, (OSError, PipeClosedError)):
            # A script reads JSON to the end, and the traceback that Python prints now is for us.
            bug = error_json(
                ExitCode.BUG, f"a bug: {type(error).__name__}: {error}", "report it with the traceback"
            )
            click.echo(json_line(bug))
        raise
    return result if isinstance(result, int) else ExitCode.ANSWERED


def _interrupted() -> int:
    clear_line()
    click.echo("interrupted", err=True)
    return ExitCode.INTERRUPTED


def _began_with_interrupt(error: BaseException | None) -> bool:
    """Did Ctrl-C cause it? Packages interrupted while they are imported raise an error of their own."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _usage_hint(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"see {context.command_path} --help" if context else "see parley --help"


def _fail(code: ExitCode, message: str, hint: str) -> int:
    """Say what failed and what mends it; on stdout as JSON where that was asked for."""
    if wants_json(sys.argv[1:]):
        click.echo(json_line(error_json(code, message, hint)))
        return code
    clear_line()
    click.echo(sanitize_line(f"parley: {told(message, hint)}"), err=True)
    return code


def wants_json(arguments: Sequence[str]) -> bool:
    """Is --json among the flags? What follows `--` belongs to the question."""
    return "--json" in itertools.takewhile(lambda argument: argument != "--", arguments)


if __name__ == "__main__":
    main()
