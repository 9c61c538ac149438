"""Serves a GGUF file as OpenAI's API does, at a free port of loopback; prints the address, ends with its stdin.

A program of its own, since the native code prints, and keeps the interpreter from anything else while it loads.
"""

import importlib
import os
import sys
from typing import Any

CONTEXT = 8192


def main() -> None:
    """Serve the file that the first argument names."""
    said = os.dup(1)
    os.dup2(2, 1)
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # or a busy machine hardly gets anywhere
    xllamacpp: Any = importlib.import_module("xllamacpp")
    settings = xllamacpp.CommonParams()
    settings.model.path = sys.argv[1]
    settings.n_ctx = CONTEXT
    settings.hostnames = ["127.0.0.1"]
    settings.port = 0
    settings.offline = True
    settings.verbosity = 1
    settings.cache_ram_mib = 0
    server = xllamacpp.Server(settings)
    os.write(said, f"{server.listening_address}\n".encode())
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
