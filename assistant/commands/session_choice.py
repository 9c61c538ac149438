"""The flags that say which session a question belongs to, and that session opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from assistant.commands.narration import Narrator, tell
from assistant.errors import ConfigurationError
from assistant.sanitize import sanitize_line
from assistant.settings import load_settings
from index.errors import IndexingError

if TYPE_CHECKING:
    from assistant.commands.flags import Common
    from assistant.sessions.session import Session
    from assistant.sessions.store import SessionStore

Command = TypeVar("Command", bound=Callable[..., Any])


def complete_names(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The names of the sessions there are, but for those that would do something to a shell or a terminal."""
    from assistant.sessions.store import SessionStore

    try:
        settings = load_settings(context.params)
        listed = SessionStore.of(settings.corpus, settings.state, lambda message: None).list()
    except (IndexingError, ConfigurationError):
        return []
    names = [summary.name for summary in listed if sanitize_line(summary.name) == summary.name]
    return [CompletionItem(name) for name in names if name.startswith(begun)]


_FLAGS = (
    click.option(
        "--session",
        metavar="NAME",
        shell_complete=complete_names,
        help="Ask in this conversation, and keep question and answer in it; made if there is none.",
    ),
    click.option("--continue", "go_on", is_flag=True, help="Ask in the session that was last used."),
)


def session_flags(command: Command) -> Command:
    """Give a command --session and --continue, as `chosen_session` takes them."""
    for flag in reversed(_FLAGS):
        command = flag(command)
    return command


def require_one_session(name: str | None, *, go_on: bool) -> None:
    """Raises ConfigurationError where both flags are given."""
    if name is not None and go_on:
        raise ConfigurationError("--session and --continue name two sessions", "leave one of them out")


def store_for(common: Common) -> SessionStore:
    """The sessions of the corpus in the settings; what people should know is told on stderr."""
    from assistant.sessions.store import SessionStore

    return SessionStore.of(common.settings.corpus, common.settings.state, Narrator(common.quiet).warn)


def chosen_session(common: Common, name: str | None, *, go_on: bool) -> Session | None:
    """The session that a question belongs to; None where none was named.

    Raises:
        ConfigurationError: two were named, or there is none to continue.
        SessionFileError: it cannot be read, or is of another version.
    """
    require_one_session(name, go_on=go_on)
    if name is not None:
        session = store_for(common).open_or_create(name)
        if not session.turns and not common.quiet:
            tell(f"this begins the session {session.name!r}")  # a name that was mistyped begins one, too
        return session
    if not go_on:
        return None
    last = store_for(common).latest()
    if last is None:
        raise ConfigurationError("there is no session to continue", 'begin one: parley ask --session NAME "..."')
    return last
