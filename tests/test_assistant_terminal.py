"""The program on a terminal: lines that fit, colours, Ctrl-C."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PATIENCE_S = 180.0


def on_a_terminal(*arguments: str, columns: int = 40, **environment: str) -> str:
    """What the program writes to a terminal so many columns wide, with carriage returns dropped."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    surroundings = {**os.environ, "TERM": "xterm-256color", **environment}
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "CI"):
        if name not in environment:
            surroundings.pop(name, None)
    command = [sys.executable, "-m", "assistant.cli", *arguments]
    process = subprocess.Popen(
        command, stdout=terminal, stderr=subprocess.DEVNULL, stdin=terminal, env=surroundings
    )
    os.close(terminal)
    written = b""
    try:
        while block := os.read(controller, 65536):
            written += block
    except OSError:  # how Linux says that the other side has closed
        pass
    os.close(controller)
    assert process.wait(PATIENCE_S) in {0, 3}
    return written.decode().replace("\r", "")


@pytest.fixture
def mixed(folder: Callable[..., Path], parley: Callable[..., Any]) -> Path:
    head = "Title: 习近平与特朗普的贸易谈判在北京举行并且取得了进展\nSource: 新华社\nDate: 2019-02-02\n\n"
    chinese = "刘鹤副总理率领的代表团与美国贸易代表举行了为期两天的磋商"
    prose = (
        f"The trade talks in Beijing were led by Liu He {chinese}, and ended on a Sunday without a communiqué.\n"
    )
    corpus = folder({"a.txt": head + prose})
    assert parley("index").code == 0
    return corpus


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "Who led the trade talks in Beijing?"),
        pytest.param(("show", "a.txt"), marks=pytest.mark.slow),
        pytest.param(("show", "a.txt:70-90"), marks=pytest.mark.slow),
    ],
)
def test_lines_fit_a_narrow_terminal_chinese_included(mixed: Path, arguments: tuple[str, ...]) -> None:
    written = on_a_terminal(*arguments)
    plain = ESCAPE.sub("", written)
    assert max(cell_len(line.rstrip()) for line in plain.splitlines()) <= 40
    assert "刘鹤副总理" in plain.replace("\n", "")


@pytest.mark.slow
def test_a_terminal_shows_matched_words_emphasised_and_markers_coloured(mixed: Path) -> None:
    written = on_a_terminal("ask", "Who led the trade talks in Beijing?", columns=200)
    assert "\x1b[1mtrade\x1b[0m" in written
    assert "\x1b[1;36m [1]" in written
    widest = max(cell_len(line) for line in ESCAPE.sub("", written).splitlines())
    assert widest <= 100


@pytest.mark.slow
def test_no_color_keeps_colours_away(mixed: Path) -> None:
    written = on_a_terminal("ask", "Who led the trade talks in Beijing?", NO_COLOR="1")
    assert "[1]" in ESCAPE.sub("", written)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", written)


# Ctrl-C.

# Indexes, but does not end before it is interrupted.
WAITING = """
import threading
from assistant.cli import main
from index.encoder import OnnxEmbedder

def embed_and_wait(embedder, texts):
    vectors = embed(embedder, texts)
    threading.Event().wait(600)
    return vectors

embed, OnnxEmbedder.embed = OnnxEmbedder.embed, embed_and_wait
main()
"""


@pytest.mark.slow
def test_ctrl_c_while_indexing_ends_with_130_and_leaves_an_index_that_works(
    folder: Callable[..., Path], parley: Callable[..., Any], python: str
) -> None:
    folder({f"{number}.txt": f"Report {number} tells of ferry {number}. " * 40 for number in range(80)})
    command = [python, "-c", WAITING, "index"]
    # A shell that starts us in the background has SIGINT ignored, and a child would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        started = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    with started as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("parley: encoding")
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        code = process.wait(PATIENCE_S)
    assert code == 130
    assert rest.splitlines()[-1] == "interrupted"
    assert "Traceback" not in rest
    ran = parley("ask", "Which ferry does report 7 tell of?", "--json")
    assert json.loads(ran.out)["index"]["articles"] == 80
