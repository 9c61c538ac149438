"""`parley eval` with every backend that the command line can name, and runs of two of them kept apart."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.backends.choosing import KINDS
from chat_wire import DONE, cost, delta, ended
from message_wire import message
from misbehaving_server import MisbehavingServer, replying_json, streaming

ARTICLES = {
    "harbour.txt": "The harbour of Port Ellen opened in 1911. A storm destroyed its lighthouse in 1954.",
    "market.txt": "The market hall of Port Ellen cost $375.2 billion to build. Its architect was Ada Quill.",
}
OPENED = "The harbour of Port Ellen opened in 1911."
ASKED = {
    "opened": ("When did the harbour of Port Ellen open?", "harbour", OPENED),
    "again": ("In which year was the harbour opened?", "harbour", OPENED),
}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Two questions about two articles."""
    folder = tmp_path / "ports"
    (folder / "corpus").mkdir(parents=True)
    for name, text in ARTICLES.items():
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    cases = [
        {"id": name, "question": text, "answers": ["1911"], "answerable": True,
         "evidence": [{"doc": doc, "quote": quote}]}
        for name, (text, doc, quote) in ASKED.items()
    ]  # fmt: skip
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    return folder


@pytest.fixture
def chat() -> Iterator[MisbehavingServer]:
    """A server of chat completions that always gives the right answer."""
    with MisbehavingServer(streaming(delta(f"{OPENED} [1.1]"), ended(), cost(50, 4), DONE)) as server:
        yield server


@pytest.fixture
def messages() -> Iterator[MisbehavingServer]:
    """The same in the words of the Messages API."""
    with MisbehavingServer(streaming(*message(OPENED))) as server:
        yield server


@pytest.fixture
def named(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], tuple[str, str]]:
    """A kind of backend as the command line names it, and where it is asked."""

    def name(kind: str) -> tuple[str, str]:
        match kind:
            case "openai" | "anthropic":
                server: MisbehavingServer = request.getfixturevalue("chat" if kind == "openai" else "messages")
                monkeypatch.setenv("PARLEY_BASE_URL", f"{server.url}/v1")
                return f"{kind}:m-1", f" at {server.authority}"
            case "gguf":
                return f"gguf:{request.getfixturevalue('live_model')}", ""
            case "scripted":
                replies = tmp_path / "replies.txt"
                replies.write_text(f"{OPENED} [1.1]\n" * 2, encoding="utf-8")
                return f"scripted:{replies}", ""
        return kind, ""

    return name


def as_json(ran: Any) -> dict[str, Any]:
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.live if kind == "gguf" else ()) for kind in KINDS]
)
def test_a_suite_is_asked_of_each_backend_and_the_report_says_of_which(
    parley: Callable[..., Any], suite: Path, named: Callable[[str], tuple[str, str]], kind: str, tmp_path: Path
) -> None:
    backend, where = named(kind)
    out = tmp_path / "run.jsonl"
    scored = as_json(parley("eval", str(suite), "--json", "--backend", backend, "--out", str(out)))
    assert scored["backend"] == backend
    assert scored["failures"] == []
    assert scored["metrics"]["quotes_verbatim"]["value"] == 1.0
    if kind != "gguf":  # whose model is small
        assert scored["metrics"]["right"]["value"] == 1.0
    if kind in ("openai", "anthropic"):
        assert scored["tokens"] == {"read": 100, "written": 8}
    assert f"backend {backend}{where}\n" in parley("eval", "score", str(out)).out


def test_tokens_cost_what_the_settings_say(
    parley: Callable[..., Any],
    suite: Path,
    chat: MisbehavingServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    out, page = tmp_path / "run.jsonl", tmp_path / "page.html"
    monkeypatch.setenv("PARLEY_BASE_URL", chat.url)
    monkeypatch.setenv("PARLEY_PRICE", "1000/500")
    asked = ("--backend", "openai:m-1", "--out", str(out), "--html", str(page))
    assert as_json(parley("eval", str(suite), "--json", *asked))["cost"] == pytest.approx(0.104)
    monkeypatch.delenv("PARLEY_PRICE")
    assert "Cost: 0.104000, at 1000/500 a million tokens\n" in parley("eval", "score", str(out)).out
    assert "which cost 0.104000 at 1000/500 a million." in page.read_text(encoding="utf-8")


def test_a_model_that_nobody_named_is_named_in_the_run(
    parley: Callable[..., Any], suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = replying_json(200, {"object": "list", "data": [{"id": "the-only-one"}]})
    reply = streaming(delta(f"{OPENED} [1.1]"), ended(), DONE)
    with MisbehavingServer(listed, reply) as server:
        monkeypatch.setenv("PARLEY_BASE_URL", server.url)
        assert (
            as_json(parley("eval", str(suite), "--json", "--backend", "openai"))["backend"]
            == "openai:the-only-one"
        )


@pytest.mark.parametrize(
    ("backend", "elsewhere", "differs"),
    [
        ("extractive", False, "backend and base_url"),
        ("openai:m-2", False, "backend"),
        ("openai:m-1", True, "base_url"),
    ],
)
def test_a_run_is_not_gone_on_with_by_another_backend_model_or_server(
    parley: Callable[..., Any],
    suite: Path,
    chat: MisbehavingServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    backend: str,
    elsewhere: bool,
    differs: str,
) -> None:
    out = tmp_path / "run.jsonl"
    monkeypatch.setenv("PARLEY_BASE_URL", chat.url)
    parley("eval", str(suite), "--out", str(out), "--backend", "openai:m-1")
    out.write_bytes(b"".join(out.read_bytes().splitlines(keepends=True)[:2]))
    if elsewhere:
        monkeypatch.setenv("PARLEY_BASE_URL", f"{chat.url}/other/v1")
    ran = parley("eval", str(suite), "--resume", "--out", str(out), "--backend", backend)
    assert ran.code == 2
    assert f"was begun with another {differs}." in ran.err
