"""The `parley` program: dispatches commands, and turns every failure into one line and an exit code."""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

import click

from assistant.errors import ConfigurationError, ExitCode
from assistant.sanitize import sanitize_line
from index.errors import IndexingError

COMMANDS = ("ask", "search", "show", "index", "doctor")


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


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 answered, 2 usage, 3 not in these articles, 5 corpus or index unusable.",
)
@click.version_option(package_name="parley", message="parley %(version)s")
def parley() -> None:
    """Ask a folder of articles, and see every sentence of the answer proven."""


def main() -> None:
    """Run the program; never returns."""
    for stream in (sys.stdout, sys.stderr):
        # An old terminal's encoding may lack a curly quote; an answer must not die of it.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        code = _run()
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does; stdout is pointed away so that its
        # closing at exit does not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.PIPE_CLOSED
    sys.exit(code)


def _run() -> int:
    try:
        result = parley.main(prog_name="parley", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return ExitCode.USAGE
    except click.ClickException as error:
        return _fail(ExitCode.USAGE, error.format_message(), _usage_hint(error))
    except ConfigurationError as error:
        return _fail(ExitCode.USAGE, str(error), error.hint)
    except IndexingError as error:
        return _fail(ExitCode.CORPUS, str(error), error.hint)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    return result if isinstance(result, int) else ExitCode.ANSWERED


def _usage_hint(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"see {context.command_path} --help" if context else "see parley --help"


def _fail(code: ExitCode, message: str, hint: str) -> int:
    """Say what failed and what mends it; on stdout as JSON where that was asked for."""
    if "--json" in sys.argv:
        click.echo(json.dumps(error_json(code, message, hint)))
    else:
        click.echo(
            sanitize_line(f"parley: {message}" + (f". {hint[:1].upper()}{hint[1:]}." if hint else "")),
            err=True,
        )
    return code


def error_json(code: ExitCode, message: str, hint: str) -> dict[str, Any]:
    """A failure in the schema that scripts rely on."""
    return {"schema": "parley.error/1", "code": int(code), "error": message, "hint": hint}


if __name__ == "__main__":
    main()
