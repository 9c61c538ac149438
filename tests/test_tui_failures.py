"""What people are told of failures, and what mends them inside the app."""

import subprocess
import sys

import pytest

from assistant.engine.failures import EngineFault, EngineLost
from assistant.errors import BackendError, ConfigurationError
from index.errors import REBUILD_HINT, CorpusError, DamagedError, IndexingError, LockedError
from index.view import _why_words_alone
from tui.failures import A_BUG, Failure, explain, report_of, said_in_the_app

HOSTILE = "[@click=app.quit]x[/] \x1b]52;c;x\x07\n\u202e"
HARMLESS = "[@click=app.quit]x[/] ␛]52;c;x␇ \N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("error", "mend"),
    [
        (DamagedError("broken", REBUILD_HINT), "build the index anew: Ctrl+P, Rebuild the index"),
        (LockedError("locked", "wait"), "wait"),
        (CorpusError("gone", "name one with: parley --corpus X"), "see to the folder, then press F5"),
        (ConfigurationError("the question is empty", "ask one"), "ask one"),
        (IndexingError("odd"), ""),
        (BackendError("refused", "start it"), "start it; or answer without a model: F7"),
        (
            BackendError("refused", "start it; or answer without a model: --backend extractive"),
            "start it; or answer without a model: F7",
        ),
        (BackendError("refused"), "answer without a model: F7"),
        (EngineLost("it ended", "stderr"), "ask again: that starts another"),
        (KeyError("x"), A_BUG),
    ],
    ids=lambda value: repr(value) if isinstance(value, Exception) else "",
)
def test_the_step_that_mends_it_is_one_in_the_app(error: Exception, mend: str) -> None:
    assert explain(error).mend == mend


def test_a_remark_that_names_a_command_for_a_shell_names_the_step_in_the_app_instead() -> None:
    broken = _why_words_alone(DamagedError("header.bin is cut short"))  # as it is really worded
    words = "answered from the words of the question alone"
    mended = f"{words}. To mend it, build the index anew: Ctrl+P, Rebuild the index"
    assert said_in_the_app(broken) == f"header.bin is cut short; {mended}"
    assert said_in_the_app("2 fell outside of --since and --until") == "2 fell outside of these dates"


@pytest.mark.parametrize("kind", [DamagedError, ConfigurationError, BackendError])
def test_what_is_told_is_harmless(kind: type[IndexingError]) -> None:
    failure = explain(kind(HOSTILE, HOSTILE))
    assert failure.said == HARMLESS
    assert "\x1b" not in failure.mend


def test_a_bug_in_the_engine_comes_with_its_report_made_harmless() -> None:
    failure = explain(EngineFault("KeyError", f"Traceback {HOSTILE}"))
    assert failure.mend == A_BUG
    assert "Traceback [@click=app.quit]x[/] ␛]52;c;x␇" in failure.report
    assert "textual 8" in failure.report


def test_a_report_holds_the_traceback_but_no_values_of_variables() -> None:
    def fail() -> None:
        key = "sk-" + "secret"
        raise RuntimeError(f"key of {len(key)} characters")

    with pytest.raises(RuntimeError) as raised:
        fail()
    report = report_of(raised.value)
    assert "in fail" in report
    assert "RuntimeError: key of 9 characters" in report
    assert "sk-secret" not in report


def test_an_error_without_words_is_told_by_its_kind() -> None:
    assert explain(IndexingError("")) == Failure("IndexingError", "")


def test_nothing_heavy_is_loaded_before_the_first_paint() -> None:
    names = (
        "numpy",
        "chromadb",
        "httpx",
        "email",
        "assistant.sessions",
        "index.view",
        "index.lexical",
        "rich.markdown",
    )
    program = f"import sys, tui.app; print(*[name for name in {names} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
