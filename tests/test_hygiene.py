"""What is loaded when, who imports whom, and how long a module may be; looked at in clean interpreters."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {
    "llama_index",
    "chromadb",
    "onnxruntime",
    "numpy",
    "textual",
    "httpx",
    "rich",
    "tokenizers",
    "tiktoken",
    "mcp",
}
SPY = """
import sys
sys.argv = ["parley", *sys.argv[1:]]
from assistant.cli import main
try:
    main()
except SystemExit as ended:
    code = ended.code
print(code, *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def loaded(*arguments: str) -> tuple[int, set[str]]:
    """Exit code of the program, and the packages that it had loaded at the end."""
    ran = subprocess.run(
        [sys.executable, "-c", SPY, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ,
        check=True,
    )
    code, *packages = ran.stderr.splitlines()[-1].split()
    return int(code), set(packages)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--help",), 0),
        (("ask", "--help"), 0),
        ((), 2),
        (("nonsense",), 2),
        (("ask", "--nonsense"), 2),
        (("ask", ""), 2),
        (("ask", "x", "--since", "tomorrow"), 2),
        (("ask", "x", "--backend", "nonsense"), 2),
        (("ask", "x", "--corpus", "/nowhere/at/all"), 5),
        (("search", "x", "--corpus", "/nowhere/at/all"), 5),
        (("sessions", "--help"), 0),
        (("sessions",), 0),
        (("sessions", "show", "x"), 2),
        (("ask", "x", "--continue"), 2),
        (("eval", "--help"), 0),
        (("mcp", "--help"), 0),
        (("mcp", "--backend", "nonsense"), 2),
        (("eval", "/nowhere/at/all"), 2),
        (("eval", "--corpus", "x"), 2),
        (("eval", "compare", "x"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_help_and_errors_load_nothing_heavy(arguments: tuple[str, ...], code: int) -> None:
    ended, packages = loaded(*arguments)
    assert ended == code
    assert not packages & HEAVY


def test_a_folder_without_articles_loads_nothing_heavy(tmp_path: Path) -> None:
    ended, packages = loaded("ask", "x", "--corpus", str(tmp_path))
    assert ended == 5
    assert not packages & HEAVY


@pytest.mark.parametrize("backend", ["nonsense", "gguf:/nowhere/at/all.gguf", "scripted:/nowhere/at/all"])
def test_a_backend_that_cannot_be_used_loads_nothing_heavy_though_an_index_is_in_place(
    sample: Path, backend: str
) -> None:
    ended, packages = loaded("ask", "x", "--backend", backend)
    assert ended == 2
    assert not packages & HEAVY


def test_an_unknown_setting_loads_nothing_heavy(own_surroundings: Path) -> None:
    file = own_surroundings / "config" / "parley" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('corpsu = "x"\n')
    ended, packages = loaded("ask", "x")
    assert ended == 2
    assert not packages & HEAVY


def test_scoring_a_run_loads_nothing_that_runs_one(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    asked, _ = loaded("eval", "--quiet", "--limit", "1", "--out", str(out))
    scored, packages = loaded("eval", "score", str(out))
    assert (asked, scored) == (0, 0)
    assert packages & (HEAVY | {"pydantic", "jinja2"}) == {"numpy"}


def test_a_question_to_an_index_in_place_loads_neither_splitter_nor_the_python_of_chroma(sample: Path) -> None:
    ended, packages = loaded("ask", "Who is Liu He?", "--json")
    assert ended in {0, 3}
    assert not packages & {"llama_index", "chromadb", "textual", "httpx", "tiktoken", "rich"}
    assert {"onnxruntime", "chromadb_rust_bindings"} <= packages


def test_a_question_to_an_index_in_place_loads_what_its_model_runs_on_before_it_imports_the_rest(
    sample: Path,
) -> None:
    spy = SPY + "print(*[name for name in sys.modules if name in ('onnxruntime', 'assistant.opening')])"
    asked = [sys.executable, "-c", spy, "ask", "Who is Liu He?"]
    ran = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.splitlines()[-1] == "onnxruntime assistant.opening"


def test_answering_leaves_nothing_behind_but_the_index(tmp_path: Path, sample: Path) -> None:
    # The encoder's runtime would write a device id below the home folder and send events from it.
    surroundings = {"HOME": str(tmp_path / "home"), "XDG_DATA_HOME": str(tmp_path / "data"), "PATH": os.defpath}
    Path(surroundings["HOME"]).mkdir()
    asked = [sys.executable, "-m", "assistant.cli", "ask", "Who is Liu He?"]
    ran = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, env=surroundings, check=False)
    assert ran.returncode == 0, ran.stderr
    written = {path.relative_to(tmp_path).parts[:2] for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {("data", "parley")}


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_backend_over_http_needs_neither_its_providers_package_nor_anything_that_indexes(provider: str) -> None:
    spy = f"import sys, assistant.backends.{provider}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", spy], capture_output=True, text=True, cwd=ROOT, check=True)
    packages = set(ran.stdout.split())
    assert "httpx" in packages
    # rich comes with the command line of httpx, where it is installed.
    assert not packages & (HEAVY - {"httpx", "rich"} | {"openai", "anthropic", "pydantic"})


@pytest.mark.parametrize("backend", ["gguf", "scripted", "llamaindex"])
def test_a_backend_without_a_server_loads_nothing_heavy_here(backend: str) -> None:
    spy = f"import sys, assistant.backends.{backend}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", spy], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not set(ran.stdout.split()) & (HEAVY | {"xllamacpp"})


def loaded_by(script: str, *arguments: str) -> set[str]:
    """The packages that a script has loaded at its end."""
    spy = f"import sys\n{script}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    ran = subprocess.run(
        [sys.executable, "-c", spy, *arguments], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return set(ran.stdout.splitlines()[-1].split())


def test_importing_the_package_loads_nothing_until_a_name_is_used() -> None:
    assert not loaded_by("import assistant; dir(assistant)") & (HEAVY | {"index", "asyncio", "anyio", "logging"})
    assert not loaded_by("from assistant import *") & HEAVY
    assert "asyncio" not in loaded_by("from assistant import Answer, Assistant, Turn")


def test_an_answer_from_python_loads_no_more_than_one_on_the_command_line(sample: Path) -> None:
    asking = (
        "from assistant import Assistant\n"
        "with Assistant.open(sys.argv[1]) as assistant: assistant.ask('Who is Liu He?')"
    )
    packages = loaded_by(asking, str(sample))
    assert not packages & {"llama_index", "chromadb", "textual", "httpx", "tiktoken", "rich", "click", "anyio"}


def test_finding_an_address_and_its_key_needs_no_http() -> None:
    spy = "import sys, assistant.backends.keys; print(*{name.partition('.')[0] for name in sys.modules})"
    ran = subprocess.run([sys.executable, "-c", spy], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not set(ran.stdout.split()) & HEAVY


def test_showing_a_span_needs_no_index(seeds: Path) -> None:
    ended, packages = loaded("show", "002:3-9")
    assert ended == 0
    assert not packages & (HEAVY - {"rich"})


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for package in ("assistant", "index", "evals", "tui")
        for path in (ROOT / package).rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_packages_import_each_other_only_as_the_contracts_allow() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([lint, "--no-cache"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
