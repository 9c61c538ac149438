"""Stands in for the package xllamacpp in the model's process, to do what the real one cannot be made to do.

What it does with a request stands in the last message: so many words, a crash, a prompt that is read for ever.
"""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any


class CommonParams:
    """Settings, all of which are taken."""

    def __init__(self) -> None:
        self.model = SimpleNamespace(path="")


class Server:
    """Listens as the real one does, and prints what it should not."""

    def __init__(self, settings: Any) -> None:
        print("llama_model_loader: loaded meta data")  # noqa: T201 - as native code does
        if Path(settings.model.path).name == "damaged.gguf":
            os.write(2, b"0.00.057.370 E llama_model_load: error loading model: tensor 'x' is \x1b[2J outside\n")
            raise RuntimeError("Failed to init server, please check the input params.")
        if Path(settings.model.path).name == "crashing.gguf":
            os.kill(os.getpid(), signal.SIGSEGV)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(settings.hostnames[0])
        listener.listen()

    def handle_chat_completions(self, body: str, take: Callable[[str], bool]) -> None:
        asked = json.loads(body)["messages"][-1]["content"].rpartition("Question: ")[2].splitlines()[0]
        print("slot launched", flush=True)  # noqa: T201
        match asked.split():
            case ["say", number]:
                _say(int(number), take)
            case ["read", "for", "ever"]:
                threading.Event().wait()
            case ["crash"]:
                take(_chunk({"content": "It"}))
                os.kill(os.getpid(), signal.SIGABRT)
            case ["be", "killed"]:
                os.kill(os.getpid(), signal.SIGKILL)
            case ["fail"]:
                take(json.dumps({"error": {"code": 500, "message": "no slot\n\x1b[2J", "type": "server_error"}}))
            case ["overflow"]:
                error = {"code": 400, "message": "too long", "n_prompt_tokens": 9000, "n_ctx": 8192}
                take(json.dumps({"error": error}))
            case ["think"]:
                take(_chunk({"reasoning_content": "Hm."}))
                take(_chunk({"content": "It burned."}))
                take(_chunk({}, "stop"))
            case ["echo"]:
                take(_chunk({"content": body}))
                take(_chunk({}, "stop"))


def _say(number: int, take: Callable[[str], bool]) -> None:
    for said in range(number):
        if take(_chunk({"content": f"word{said} "})):
            return
        if said > 1000:
            time.sleep(0.001)  # as a model would; nobody waits for all of it
    take(_chunk({}, "length"))
    take(json.dumps({"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": number}}))


def _chunk(delta: dict[str, str], reason: str | None = None) -> str:
    return json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})
