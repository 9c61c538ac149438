"""A GGUF model in a process of its own, talked with over pipes; `gguf_host.py` is what runs there.

In this process it would hold the interpreter's lock while it loads, so that nothing else moves for seconds; what
its native code prints would land in answers; a prompt that is being read could not be stopped; and a native crash
would be ours. There, a request is stopped after its next token, or with the process.
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from assistant.backends import gguf_host
from assistant.errors import BackendError
from assistant.sanitize import sanitize_line

GRACE_S = 1.0
"""How long a request that was stopped may take to end before the process is ended."""
LONGEST_LINE = 2**20
"""Bytes of a line that the model's process writes."""
_LONGEST_REASON = 300
_ERROR = re.compile(r"^\S+ E (?:.*error loading model: )?(.+)|^.*(GGML_ASSERT\(.+)", re.MULTILINE)


class ModelProcess:
    """A loaded model; belongs to the event loop that started it, and replies to one request at a time."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: IO[bytes]) -> None:
        self._name = name
        self._process = process
        self._log = log
        self._asked = 0
        self._ended = 0

    @classmethod
    async def start(cls, name: str, path: Path, context: int) -> ModelProcess:
        """Load a model.

        Raises:
            BackendError: it cannot be loaded.
        """
        log = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process runs
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", gguf_host.__file__, str(path.absolute()), str(context)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                limit=LONGEST_LINE,
                start_new_session=True,  # Ctrl-C is for us; it ends with its stdin
            )
        except BaseException:
            log.close()
            raise
        model = cls(name, process, log)
        try:
            said = await model._line()
            if "failed" in said:
                reason = next(model._errors(), said["failed"])  # the first; the others follow from it
                told = f"{name} cannot be loaded: {_short(reason)}"
                raise BackendError(told, "copy the file again, or use another")
        except BaseException:
            await model.aclose()
            raise
        return model

    async def free(self) -> bool:
        """Whether it can be asked; what was stopped gets a moment to end."""
        try:
            async with asyncio.timeout(GRACE_S):
                while self._ended < self._asked:
                    self._ended = (await self._line()).get("ended", self._ended)
        except (TimeoutError, BackendError):
            return False
        return self._process.returncode is None

    async def reply(self, body: Mapping[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        """Ask; the chunks as they come. Closing the iterator stops the model.

        Raises:
            BackendError: the process has ended.
        """
        self._asked += 1
        self._order({"ask": self._asked, "body": body})
        try:
            while "ended" not in (said := await self._line()):
                yield said
            self._ended = self._asked
        finally:
            if self._ended < self._asked:
                self._order({"stop": self._asked})

    async def aclose(self) -> None:
        """End the process, whatever it does."""
        if self._process.returncode is None:
            self._process.kill()
        self._log.close()
        await self._process.wait()

    def _order(self, order: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        if not self._process.stdin.is_closing():
            self._process.stdin.write(json.dumps(order).encode() + b"\n")

    async def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        line = await self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise BackendError(f"{self._name} broke off: {await self._end()}", "ask again, or use a smaller model")
        said: dict[str, Any] = json.loads(line)
        return said

    async def _end(self) -> str:
        """How the process ended."""
        code = await self._process.wait()
        if code == -signal.SIGKILL:
            return "its process was killed, as happens where memory runs out"
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        errors = list(self._errors())
        return f"its process {how}: {_short(errors[-1])}" if errors else f"its process {how}"

    def _errors(self) -> Iterator[str]:
        """What the native code wrote of errors, oldest first."""
        self._log.seek(0)
        for found in _ERROR.finditer(self._log.read(LONGEST_LINE).decode(errors="replace")):
            yield found[1] or found[2]


def _short(reason: str) -> str:
    return sanitize_line(reason)[:_LONGEST_REASON].strip()
