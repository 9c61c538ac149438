"""The program of the process that a GGUF model runs in; `gguf_process.py` starts it and talks with it.

Called with the path of a model and its context in tokens. Orders come as lines of JSON on stdin, `{"ask": 1,
"body": ...}` and `{"stop": 1}`. To stdout goes `{"loaded": true}` or `{"failed": "..."}`, then of each request its
chunks and `{"ended": 1}`; to stderr the log of the native code. The end of stdin ends it at once.

It imports nothing of Parley, and is run by its path: starting is quick, and works wherever Parley lies.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any

ERRORS_ONLY = 1
"""Of the native log."""


class Orders:
    """What comes on stdin, read in a thread of its own while the model generates."""

    def __init__(self) -> None:
        self.asked: SimpleQueue[tuple[int, str]] = SimpleQueue()
        self.stopped = 0
        """The newest request that is to be stopped; those before it have ended."""

    def read(self) -> None:
        """Take orders until stdin ends, and the process with it."""
        for line in sys.stdin.buffer:
            order = json.loads(line)
            if "stop" in order:
                self.stopped = order["stop"]
            else:
                self.asked.put((order["ask"], json.dumps(order["body"])))
        os._exit(0)  # native threads, and a prompt that is being read, would be waited for


def main() -> None:
    """Load the model, and reply until stdin ends."""
    replies = os.dup(1)
    os.dup2(2, 1)  # whatever the native code prints is no reply
    try:
        model = load(Path(sys.argv[1]), int(sys.argv[2]))
    except (ImportError, RuntimeError) as error:
        say(replies, json.dumps({"failed": str(error)}))
        sys.exit(1)
    say(replies, json.dumps({"loaded": True}))
    orders = Orders()
    threading.Thread(target=orders.read, daemon=True).start()
    while True:
        number, body = orders.asked.get()
        model.handle_chat_completions(body, lambda chunk, number=number: take(replies, chunk, orders, number))
        say(replies, json.dumps({"ended": number}))


def load(path: Path, context: int) -> Any:
    """The model, ready to reply.

    Raises:
        ImportError: xllamacpp is not installed, or made for another machine.
        RuntimeError: it cannot load the model; its log says why.
    """
    # Threads that wait for each other would otherwise spin, and on a busy machine keep each other from working.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    xllamacpp: Any = importlib.import_module("xllamacpp")
    settings = xllamacpp.CommonParams()
    settings.model.path = str(path)
    settings.n_ctx = context
    settings.offline = True
    settings.verbosity = ERRORS_ONLY
    settings.cache_ram_mib = 0  # it would keep up to 8 GiB of prompts
    settings.warmup = False
    # It listens, whether asked to or not: at a socket in a folder of our own, which is gone once it is ready.
    with tempfile.TemporaryDirectory(prefix="parley-") as folder:
        os.chdir(folder)  # the path of a socket has 107 bytes at most; a relative one is short wherever this is
        settings.hostnames = ["model.sock"]
        model = xllamacpp.Server(settings)
        os.chdir("/")
    return model


def take(replies: int, chunk: str, orders: Orders, number: int) -> bool:
    """Pass a chunk on; whether generation is to stop."""
    say(replies, chunk)
    return orders.stopped >= number


def say(replies: int, line: str) -> None:
    """Write a line."""
    written = line.encode() + b"\n"
    while written:
        written = written[os.write(replies, written) :]


if __name__ == "__main__":
    main()
