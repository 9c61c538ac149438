"""`parley chat`, which is also bare `parley`: the terminal UI."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from assistant.commands.flags import (
    Common,
    common_from,
    confidence_flag,
    date_flags,
    date_range,
    flags_but_json,
)
from assistant.commands.session_choice import require_one_session, session_flags
from assistant.errors import ConfigurationError, ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from index.view import DateRange

ASK_INSTEAD = 'ask without it: parley ask "Who led the talks?"'


@click.command("chat", short_help="Open the terminal UI; bare parley does the same.")
@click.argument("rest", nargs=-1, metavar="")
@flags_but_json
@date_flags
@confidence_flag
@session_flags
def command(
    rest: tuple[str, ...],
    since: str | None,
    until: str | None,
    session: str | None,
    go_on: bool,
    **flags: Any,
) -> int:
    """Ask, read the proof beside the answer, and keep the thread, in the terminal.

    F1 shows the keys, Ctrl+Q quits. What it shows, parley ask prints in plain text, for screen readers and
    scripts.
    """
    if rest:
        hint = f"flags stand after a command: parley {rest[0]} --corpus DIR"
        raise ConfigurationError(f"the terminal UI takes flags only, no {rest[0]!r}", hint)
    require_one_session(session, go_on=go_on)
    dates = None if since is None and until is None else date_range(since, until)  # 50 ms
    # What is to be known of the corpus is told inside: a line on stderr would be gone in a moment.
    common = common_from({**flags, "quiet": True})
    _require_terminal()
    return _open(common, dates, session, resume=go_on)


def _open(common: Common, dates: DateRange | None, session: str | None, *, resume: bool) -> int:
    """Run the app over an engine; the exit code that it ended with."""
    from assistant.engine.client import Engine
    from assistant.engine.settings import EngineSettings
    from index.state import StateFolder
    from tui.app import ParleyApp  # textual, 0.2 s
    from tui.ports import Opening
    from tui.session_desk import SessionDesk

    settings = common.settings
    corpus, states, backend = settings.corpus, settings.state, settings.backend
    engine = Engine(
        EngineSettings(
            str(corpus), str(states), backend, settings.base_url, settings.price, settings.min_confidence
        )
    )
    opening = Opening(
        corpus=str(corpus),
        is_sample=settings.corpus_is_sample,
        backend=backend,
        backends=tuple(dict.fromkeys((backend, "extractive"))),
        dates=dates,
        session=session,
        resume=resume,
        theme=settings.theme,
        reduced_motion=settings.reduced_motion,
        sessions_folder=_kept_in(StateFolder.of(corpus, states).sessions),
    )
    app = ParleyApp(engine, SessionDesk(corpus, states), opening)
    app.run()
    return app.return_code or ExitCode.ANSWERED


def _kept_in(sessions: Path) -> str | None:
    """Where sessions are kept; None where nothing can be written there."""
    there = next(folder for folder in (sessions, *sessions.parents) if os.access(folder, os.F_OK))
    return str(sessions) if there.is_dir() and os.access(there, os.W_OK) else None


def _require_terminal() -> None:
    """Raises ConfigurationError where there is no terminal to fill; Textual draws on stderr."""
    piped = [name for name in ("stdin", "stdout", "stderr") if not getattr(sys, name).isatty()]
    if piped:
        raise ConfigurationError(f"the terminal UI needs a terminal, and {piped[0]} is none", ASK_INSTEAD)
    if os.environ.get("TERM", "dumb") == "dumb":
        raise ConfigurationError("the terminal UI needs a terminal that can move its cursor", ASK_INSTEAD)
