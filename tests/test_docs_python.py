"""The examples of docs/python.md run as they stand, over the sample articles, and print what they say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat_wire import DONE, cost, delta, ended
from misbehaving_server import MisbehavingServer, streaming

ROOT = Path(__file__).resolve().parent.parent
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/python.md")}
EXAMPLES = [
    pytest.param(block[1], id=f"{name}:{text.count(chr(10), 0, block.start()) + 1}")
    for name, text in PAGES.items()
    for block in re.finditer(r"^```python\n(.+?)^```", text, flags=re.DOTALL | re.MULTILINE)
    if "import" in block[1]
]
SAID = "The trade deficit with China reached $375.2 billion last year [1.1]."


@pytest.fixture(autouse=True)
def clippings(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped_models: None) -> None:
    """The sample articles, under the name that the page gives them, and models that are loaded already."""
    (tmp_path / "clippings").symlink_to(sample)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that answers for `openai:`."""
    with MisbehavingServer(streaming(delta(SAID), ended(), cost(2000, 20), DONE)) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        yield


def test_both_pages_have_examples() -> None:
    assert len(EXAMPLES) >= 9


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_prints_what_it_says(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    stated = re.findall(r"^ *print\(.*\)  # (.+)$", example, flags=re.MULTILINE)
    assert len(stated) == len(re.findall(r"\bprint\(", example))
    exec(compile(example, "example", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own page
    assert capsys.readouterr().out.splitlines() == stated
