"""What people are told when something fails, and the step in the app that mends it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from assistant.engine.failures import EngineFault, EngineLost
from assistant.errors import BackendError, ConfigurationError, told
from assistant.sanitize import sanitize, sanitize_line
from index.errors import REBUILD_HINT, CorpusError, DamagedError, IndexingError, LockedError, StateError

MENDABLE = (ConfigurationError, IndexingError)
"""What sessions, dates and settings raise where somebody can do something about it."""
EXPECTED = (*MENDABLE, BackendError, EngineLost)
"""What people can mend, or ask again about; all else is a bug and is shown in a dialog."""
TOLD_IN_PLACE = (*EXPECTED, EngineFault)
"""All that an engine raises, for widgets that tell it where they are."""
A_BUG = "this is a bug in Parley; its report helps to mend it"
REBUILD = "build the index anew: Ctrl+P, Rebuild the index"
FOR_A_SHELL = (
    ("Mend it with: parley doctor --fix", f"To mend it, {REBUILD}"),
    ("--since and --until", "these dates"),
)
"""What remarks say to whoever works in a shell, and what they say here."""
MENDS: tuple[tuple[type[Exception], str], ...] = (
    (DamagedError, REBUILD),
    (LockedError, "ask again when the other one is done"),
    (CorpusError, "see to the folder, then press F5"),
    (StateError, "see to the folder of the state; until then nothing is kept"),
)
"""What to do in the app, where the hint of a failure names a command or a flag for the shell."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure for people; both lines are harmless to show."""

    said: str
    mend: str
    """What to do about it; empty where nothing is known to help."""
    report: str = ""
    """What somebody who mends Parley needs, to be copied; empty where it is nobody's bug."""


def explain(error: BaseException) -> Failure:
    """What went wrong, in words."""
    said = sanitize_line(str(error)).strip() or type(error).__name__
    if isinstance(error, EngineLost):
        return Failure(said, sanitize_line(error.hint), sanitize(error.report))
    if isinstance(error, BackendError):
        return Failure(said, _or_without_a_model(sanitize_line(error.hint)))
    if isinstance(error, ConfigurationError | IndexingError):
        return Failure(said, _mend(error))
    if isinstance(error, EngineFault):
        return Failure(said, A_BUG, _report(error.report))
    return Failure(f"{type(error).__name__}: {said}", A_BUG, report_of(error))


def failure_line(failure: ConfigurationError | IndexingError) -> Content:
    """A failure with its hint, on one line; the sign says what it is where no colour does."""
    return Content.assemble(("! ", "bold $text-error"), sanitize_line(told(str(failure), failure.hint)))


def report_of(error: BaseException) -> str:
    """The traceback, without the values of variables, which may hold keys; with versions. Harmless to show."""
    import traceback

    return _report("".join(traceback.format_exception(error)))


def _report(trace: str) -> str:
    import platform  # with metadata, which reads versions as e-mail, 30 ms that no start has to wait for
    from importlib import metadata

    versions = f"parley {metadata.version('parley')}, textual {metadata.version('textual')}"
    system = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    return sanitize(f"{versions}, {system}\n\n{trace.strip()}\n")


def in_the_app(hint: str) -> str:
    """What mends a failure, harmless; by the palette where the hint names the command for the shell."""
    return REBUILD if hint == REBUILD_HINT else sanitize_line(hint)


def said_in_the_app(remark: str) -> str:
    """A remark without commands and flags for a shell; not sanitised."""
    for there, here in FOR_A_SHELL:
        remark = remark.replace(there, here)
    return remark


def _mend(error: ConfigurationError | IndexingError) -> str:
    hint = in_the_app(error.hint)
    is_for_a_shell = "parley " in hint or " --" in hint
    if hint and not is_for_a_shell:
        return hint
    return next((mend for kind, mend in MENDS if isinstance(error, kind)), hint)


def _or_without_a_model(hint: str) -> str:
    without = "answer without a model: F7"
    return f"{hint.split('; or answer without')[0].rstrip('.')}; or {without}" if hint else without
