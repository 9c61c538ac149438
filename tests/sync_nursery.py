"""A nursery: syncs in processes of their own, which end themselves at a given moment.

Run as a program, this file is the nursery: it imports what is slow once, opens no store itself, and forks
a child for each sync, so that a child can be killed without the imports being paid again.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import index.vector_update
from index.catalog_writing import CatalogWriter
from index.fakes import FakeEmbedder
from index.passages import Splitter
from index.state import StateFolder
from index.sync import Progress, sync

ROOT = Path(__file__).resolve().parent.parent
BATCH = 8
"""Passages between two writes here, so that a small corpus has many moments."""


# The child: syncs, and ends itself at a given moment


class Interrupter:
    """Counts moments: each step that a sync reports, each batch it encodes, each article it commits."""

    def __init__(self, at: int | None, number: int) -> None:
        self.passed: list[str] = []
        self._at = at
        self._signal = number

    def reach(self, name: str) -> None:
        self.passed.append(name)
        if self._at is not None and len(self.passed) == self._at + 1:
            os.kill(os.getpid(), self._signal)


class InterruptedEmbedder(FakeEmbedder):
    """Reaches a moment after it has encoded a batch, before anybody has written it."""

    def __init__(self, interrupter: Interrupter) -> None:
        super().__init__()
        self._interrupter = interrupter

    def embed(self, texts: Any) -> Any:
        vectors = super().embed(texts)
        self._interrupter.reach("encoded")
        return vectors


def run_child(job: dict[str, Any]) -> dict[str, Any]:
    # A shell that starts us in the background has SIGINT ignored, and a child inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    interrupter = Interrupter(job["at"], job["signal"])
    embedder = InterruptedEmbedder(interrupter)
    add_article = CatalogWriter.add_article

    def add_and_reach(self: CatalogWriter, *arguments: Any) -> None:
        add_article(self, *arguments)
        interrupter.reach("committing")

    def report(progress: Progress) -> None:
        interrupter.reach(f"{progress.stage} {progress.done}")

    CatalogWriter.add_article = add_and_reach  # type: ignore[assignment,method-assign]
    index.vector_update.BATCH = BATCH
    sync(Path(job["corpus"]), StateFolder(Path(job["state"])), embedder, report, rebuild=job["rebuild"])
    return {"moments": interrupter.passed, "encoded": len(embedder.encoded)}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def serve() -> None:
    Splitter()
    import chromadb  # noqa: F401 - so that no child has to

    say("ready")
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            end = 3
            try:
                os.write(writing, json.dumps(run_child(json.loads(line))).encode())
                end = 0
            except KeyboardInterrupt:
                end = 130
            finally:
                os._exit(end)
        os.close(writing)
        with os.fdopen(reading) as answer:
            result = answer.read()
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        say(json.dumps({"ended": ended, **json.loads(result or "{}")}))


# The parent: asks the nursery for syncs


class Nursery:
    """Runs syncs in processes of their own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def sync(
        self,
        corpus: Path,
        state: StateFolder,
        at: int | None = None,
        number: int = signal.SIGKILL,
        rebuild: str | None = None,
    ) -> dict[str, Any]:
        self.begin(corpus, state, at, number, rebuild)
        return self.end()

    def begin(
        self,
        corpus: Path,
        state: StateFolder,
        at: int | None = None,
        number: int = signal.SIGKILL,
        rebuild: str | None = None,
    ) -> None:
        job = {"corpus": str(corpus), "state": str(state.root), "at": at, "signal": number, "rebuild": rebuild}
        assert self._process.stdin is not None
        print(json.dumps(job), file=self._process.stdin, flush=True)

    def has_ended(self) -> bool:
        assert self._process.stdout is not None
        return bool(select.select([self._process.stdout], [], [], 0)[0])

    def end(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def open_nursery() -> Iterator[Nursery]:
    with subprocess.Popen(
        [sys.executable, __file__],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


if __name__ == "__main__":
    serve()
