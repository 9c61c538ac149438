"""What every test gets: state and settings of its own, and properties that may take their time."""

import io
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from assistant.answering.reader import OnnxReader
from index.encoder import OnnxEmbedder
from index.vectors import VectorReader, open_reader
from vector_stores import IDS, KEPT, build

# What a helper asserts is to be told as fully as what a test asserts.
pytest.register_assert_rewrite("asked_backends", "sync_desk")

# A shell that starts the tests in the background has SIGINT ignored; what tests Ctrl-C would wait for ever.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# These machines are shared: how long an example takes, or its making, says nothing about the code. The same tests
# get the same examples each time, so that nobody's change fails by what it has nothing to do with; new ones are
# tried with `pytest --hypothesis-profile=explore`.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("parley", patient, derandomize=True)
settings.register_profile("explore", patient, max_examples=1_000)
settings.load_profile("parley")

pytest_plugins = [
    "settled_app",
    "asked_sessions",
    "engine_starts",
    "live_model",
    "screen_snapshots",
    "session_places",
]


def pytest_configure() -> None:
    """Refuse audit hooks: they stay for good, and while one runs no other thread can be followed by coverage.

    Before Python 3.12, that is: https://github.com/python/cpython/blob/3.11/Python/ceval.c, `_PyEval_SetTrace`.
    """

    def refuse(hook: object) -> None:
        raise RuntimeError(f"{hook} is to listen in a process of its own, not in that of the tests")

    sys.addaudithook = refuse


OF_THE_PERSON = (
    "PARLEY_",
    "OPENAI_",
    "ANTHROPIC_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_",
)
"""How variables begin that say what to talk to, and how."""
SEEDS = Path(__file__).resolve().parent.parent / "seeds"


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test sees or leaves anything of the person who runs it; returns the folder that stands for home."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.upper().startswith(OF_THE_PERSON)]:
        monkeypatch.delenv(name)
    (home / "run").mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    return home


@pytest.fixture
def seeds() -> Path:
    """The five sample articles."""
    return SEEDS


@pytest.fixture(scope="session")
def python() -> str:
    """The interpreter, for tests that need a process of their own."""
    return sys.executable


@dataclass(frozen=True, slots=True)
class Ran:
    """What a call of the program left behind."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def encoder() -> OnnxEmbedder:
    """The shipped encoder, loaded once: that takes longer than most tests."""
    return OnnxEmbedder()


@pytest.fixture(scope="session")
def span_reader() -> OnnxReader:
    """The shipped reader, loaded once."""
    return OnnxReader()


@pytest.fixture
def shipped_models(monkeypatch: pytest.MonkeyPatch, encoder: OnnxEmbedder, span_reader: OnnxReader) -> None:
    """Whatever is opened gets the shipped models that are loaded once for all tests."""
    monkeypatch.setattr("index.encoder.OnnxEmbedder", lambda: encoder)
    monkeypatch.setattr("assistant.opening.OnnxReader", lambda: span_reader)


@pytest.fixture
def loaded_models(shipped_models: None, encoder: OnnxEmbedder, span_reader: OnnxReader) -> None:
    """The same, loaded before the test begins: loading keeps Python to itself, and any event loop waits."""
    encoder.load()
    span_reader.load()


@pytest.fixture
def long_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that was cut off has let go of all before anything goes on, however busy the machine is."""
    monkeypatch.setattr("assistant.backends.bridge.LONGEST_GOODBYE", 60.0)


@pytest.fixture
def parley(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shipped_models: None
) -> Callable[..., Ran]:
    """Calls the program in this process, `parley("ask", "...", stdin=b"...")`; a bug raises in the test."""

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        from assistant.cli import main

        monkeypatch.setattr(sys, "argv", ["parley", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ran(int(ended.value.code), captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def sample_states(tmp_path_factory: pytest.TempPathFactory, encoder: OnnxEmbedder) -> Path:
    """A state folder in which the five sample articles are indexed."""
    from index.state import StateFolder
    from index.sync import sync

    states = tmp_path_factory.mktemp("sample-states")
    sync(SEEDS, StateFolder.of(SEEDS, states), encoder)
    return states


@pytest.fixture
def sample(sample_states: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample articles, indexed, for tests that only read them."""
    monkeypatch.setenv("PARLEY_STATE", str(sample_states))
    return SEEDS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes a folder of articles, `folder({"a.txt": "..."})`, and names it as the corpus."""

    def make(files: dict[str, str | bytes]) -> Path:
        corpus = tmp_path / "articles"
        for name, content in files.items():
            path = corpus / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        monkeypatch.setenv("PARLEY_CORPUS", str(corpus))
        return corpus

    return make


@pytest.fixture
def mill(folder: Callable[..., Path]) -> Path:
    """A folder of one article of two sentences."""
    return folder({"mill.txt": "The mill burned down in May.\nIt was rebuilt in June.\n"})


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 900 vectors, some of them in the graph and the rest in the log only."""
    return build(tmp_path_factory.mktemp("vectors") / "chroma", IDS, KEPT)


@pytest.fixture
def store(pristine: Path, tmp_path: Path) -> Path:
    """A copy of it to do as one likes with."""
    return Path(shutil.copytree(pristine, tmp_path / "chroma"))


@pytest.fixture
def reader(store: Path) -> Iterator[VectorReader]:
    opened = open_reader(store)
    yield opened
    opened.close()
