"""The lines in the README's table of backends do what they say, each against a server or file of its own."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.backends.choosing import KINDS
from chat_wire import DONE, cost, delta, ended
from message_wire import message
from misbehaving_server import MisbehavingServer, streaming

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
TABLE = README.partition("\n| backend |")[2].partition("\n\n")[0]
LINES = dict(re.findall(r"^\| `(\w+)` \|.*\| `([^`]+)` \|$", TABLE, flags=re.MULTILINE))
LED = "China made the statement after talks with a US delegation led by Commerce Secretary in Beijing."
KEY = "sk-ant-0123456789"


def run(parley: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, line: str, **placeholders: str) -> Any:
    """Run a line of a shell, with others in place of what it leaves to its reader."""
    for placeholder, other in placeholders.items():
        assert placeholder in line
        line = line.replace(placeholder, other)
    words = shlex.split(line)
    start = words.index("parley")
    for assignment in words[:start]:
        monkeypatch.setenv(*assignment.split("=", 1))
    ran = parley(*words[start + 1 :])
    assert ran.code == 0, ran.err
    return ran


def test_the_table_has_a_line_for_each_backend() -> None:
    assert tuple(LINES) == KINDS


def test_without_a_model(parley: Callable[..., Any], sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "[1]" in run(parley, monkeypatch, LINES["extractive"]).out


def test_a_server_of_chat_completions(
    parley: Callable[..., Any], sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MisbehavingServer(streaming(delta(LED), ended(), cost(50, 4), DONE)) as server:
        ran = run(
            parley, monkeypatch, LINES["openai"], **{"http://127.0.0.1:8080": server.url, "MODEL": "qwen3:8b"}
        )
    assert [(asked.path, asked.json["model"]) for asked in server.received] == [
        ("/v1/chat/completions", "qwen3:8b")
    ]
    assert "50 tokens read, 4 written" in ran.out


def test_the_messages_api(parley: Callable[..., Any], sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with MisbehavingServer(streaming(*message(LED))) as server:
        monkeypatch.setenv("PARLEY_BASE_URL", f"{server.url}/v1")
        ran = run(parley, monkeypatch, LINES["anthropic"], **{"...": KEY, "MODEL": "claude-sonnet-5"})
    (asked,) = server.received
    assert (asked.path, asked.json["model"]) == ("/v1/messages", "claude-sonnet-5")
    assert asked.headers["x-api-key"] == KEY
    assert "50 tokens read, 4 written" in ran.out


@pytest.mark.live
def test_a_model_file(
    parley: Callable[..., Any], sample: Path, monkeypatch: pytest.MonkeyPatch, live_model: Path
) -> None:
    ran = run(parley, monkeypatch, LINES["gguf"], FILE=shlex.quote(str(live_model)))
    # One that goes round in a circle is cut off before it counts its tokens.
    assert re.search(r"[\d,]+ tokens read, [\d,]+ written|cut off before its end", ran.out)


def test_a_file_of_replies(
    parley: Callable[..., Any], sample: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "replies.txt").write_text(f"{LED}\n", encoding="utf-8")
    run(parley, monkeypatch, LINES["scripted"], FILE=str(tmp_path / "replies.txt"))
