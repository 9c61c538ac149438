"""The common flags of the commands, and what they make: settings, a date range, an assistant."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from assistant.backends.choosing import KINDS, Choice, Price, backend_for
from assistant.commands.narration import Narrator, tell
from assistant.errors import ConfigurationError
from assistant.settings import Settings, load_settings

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from index.encoder import OnnxEmbedder
    from index.keeping import Listener
    from index.view import DateRange

Command = TypeVar("Command", bound=Callable[..., Any])


def _folders(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    return [CompletionItem(begun, type="dir")]  # the shell completes names of folders itself


def _backends(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in KINDS if name.startswith(begun)]


_FLAGS = (
    click.option("--corpus", metavar="DIR", shell_complete=_folders, help="Folder of .txt and .md articles."),
    click.option(
        "--state",
        metavar="DIR",
        type=click.Path(file_okay=False),
        help="Folder that keeps the indexes of all corpora.",
    ),
    click.option(
        "--backend",
        metavar="NAME[:MODEL]",
        shell_complete=_backends,
        help="Who words the answer: extractive (the default, without a model), openai:MODEL, anthropic:MODEL, "
        "gguf:FILE or scripted:FILE.",
    ),
    click.option("--quiet", is_flag=True, help="No progress and no remarks on stderr; errors are still told."),
    click.option("--no-input", is_flag=True, help="Never ask anything back."),
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_MIN_CONFIDENCE = click.option(
    "--min-confidence",
    metavar="P",
    help="Keep back an answer of less confidence than this, from 0 (answer whatever is found) to 1.",
)
_DATES = (
    click.option("--since", metavar="DATE", help="Only articles published on this day (2019-01-31) or later."),
    click.option("--until", metavar="DATE", help="Only articles published on this day or earlier."),
)


@dataclass(frozen=True, slots=True)
class Common:
    """The common flags of one call, understood."""

    settings: Settings
    as_json: bool
    quiet: bool
    no_input: bool
    places: tuple[str, ...] = ()
    """The flags of this call that say which folder is meant, with their values."""

    def calling(self, command: str) -> str:
        """A command for people to call next, about the same folder as this one."""
        return " ".join([command, *map(shlex.quote, self.places)])


def common_flags(command: Command) -> Command:
    """Give a command that prints results the flags that all of those have, as `common_from` takes them."""
    return flags_but_json(_JSON(command))


def flags_but_json(command: Command) -> Command:
    """Give a command whose stdout is not for results the common flags that are left."""
    for flag in reversed(_FLAGS):
        command = flag(command)
    return command


def confidence_flag(command: Command) -> Command:
    """Give a command that answers --min-confidence; `common_from` reads it."""
    return _MIN_CONFIDENCE(command)


def date_flags(command: Command) -> Command:
    """Give a command --since and --until."""
    for flag in reversed(_DATES):
        command = flag(command)
    return command


def common_from(flags: dict[str, Any], *, answers: bool = False) -> Common:
    """The common flags with the settings behind them; where nobody named a folder, a remark says which is meant.

    A command that `answers` questions says that it does so from there.

    Raises:
        ConfigurationError: a setting cannot be used.
    """
    settings = load_settings(flags)
    common = Common(
        settings,
        as_json=flags.get("as_json", False),
        quiet=flags["quiet"],
        no_input=flags["no_input"],
        places=tuple(word for name in ("corpus", "state") if flags[name] for word in (f"--{name}", flags[name])),
    )
    if settings.corpus_is_sample and not common.quiet:
        meant = "answering from the sample articles" if answers else "the sample articles are meant"
        tell(f"{meant}; name your own folder with --corpus DIR")
    return common


def date_range(since: str | None, until: str | None) -> DateRange:
    """The days that were asked for.

    Raises:
        ConfigurationError: one is not a day, or they are in the wrong order.
    """
    from index.view import DateRange  # 50 ms, and --help needs none of it

    dates = DateRange(_day("--since", since), _day("--until", until))
    if dates.since and dates.until and dates.since > dates.until:
        raise ConfigurationError(f"--since {since} is later than --until {until}", "exchange the two")
    return dates


def _day(flag: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{flag} {text!r} is not a day", "write it as 2019-01-31") from None


def open_assistant(common: Common, listener: Listener | None = None) -> Assistant:
    """The assistant over the corpus of the settings; without a `listener` stderr is told what happens."""
    settings = common.settings
    backend = backend_for(Choice.of(settings.backend), settings.base_url)
    price = Price.of(settings.price) if settings.price else None
    encoder = embedder()
    if _is_indexed(settings):  # what is wrong with a folder is mostly told without a model
        _begin_loading(encoder)
    from assistant.assistant import Assistant  # with what it needs about 80 ms

    return Assistant.open(
        settings.corpus,
        settings.state,
        encoder,
        listener or Narrator(common.quiet),
        min_confidence=settings.min_confidence,
        backend=backend,
        price=price,
    )


def _is_indexed(settings: Settings) -> bool:
    """Whether articles and an index of them seem to be there; no more than a look."""
    from index.state import StateFolder

    try:
        return settings.corpus.is_dir() and StateFolder.of(settings.corpus, settings.state).catalog.is_file()
    except OSError:
        return False


def _begin_loading(encoder: OnnxEmbedder) -> None:
    """Have the model opened while modules are imported, but not before what it runs on is: both are Python's."""
    from assistant.loading import load_beside
    from index.errors import EncoderError
    from index.onnx_runtime import import_runtime

    _, runtime = load_beside(encoder.load, partial(import_runtime, EncoderError))
    runtime.join()  # not imported here: packages that Ctrl-C interrupts say that they are broken


def embedder() -> OnnxEmbedder:
    """The shipped encoder; its runtime, 0.3 s, is loaded when a text is first encoded."""
    from index.encoder import OnnxEmbedder

    return OnnxEmbedder()
