"""The engine's process as whoever started it sees it: requests go in, results come out, and it may die."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from itertools import count
from typing import IO

from assistant.engine.failures import AGAIN, EngineLost
from assistant.engine.last_words import open_log, report_of
from assistant.engine.messages import NOTICE, Cancel, Ended, Failed, GiveUp, Request, Told
from assistant.engine.notices import Lost, Notice
from assistant.engine.settings import EngineSettings
from assistant.engine.wire import WireError, framed, receive
from assistant.errors import ConfigurationError
from index.temporary import sweep

GOODBYE_S = 1.2
"""Seconds that the process may take to end by itself before it is killed."""
STOPS_WITHIN_S = 8.0
"""Seconds within which a cancelled question ends; a process in which it does not hangs, and is killed."""
REPORTED_BYTES = 8_000
"""Of its stderr."""

_numbers = count(NOTICE + 1)


class HostProcess:
    """A running engine; belongs to the event loop that started it."""

    def __init__(
        self, process: asyncio.subprocess.Process, log: IO[bytes], tell: Callable[[Notice], None]
    ) -> None:
        self._process = process
        self._log = log
        self._tell = tell
        self._began = time.monotonic()
        self._waiting: dict[int, asyncio.Queue[Told | Ended | Failed | EngineLost]] = {}
        self._running: set[int] = set()
        """Requests of which the process has not told the end."""
        self._hangs = False
        self._closing = False
        self.lived_s: float | None = None
        """How long it lived; None while it does."""
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, settings: EngineSettings, tell: Callable[[Notice], None]) -> HostProcess:
        """Start one, which tells its notices, its death among them, through `tell`.

        Raises:
            EngineLost: the system does not start it.
        """
        log = open_log()
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "assistant.engine.host"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # signals of the terminal are for us; it ends with its stdin
            )
        except BaseException as error:
            log.close()
            if not isinstance(error, OSError):
                raise
            raise EngineLost(f"the engine cannot be started: {error.strerror}", "") from error
        host = cls(process, log, tell)
        host._send(settings)
        return host

    def number(self) -> int:
        """A number for a request, which none to this process nor to another one before it has had."""
        return next(_numbers)

    async def results(self, request: Request) -> AsyncGenerator[object, None]:
        """What comes of a request; closing the iterator gives it up.

        Raises:
            EngineLost: the process ended before.
            ConfigurationError, BackendError, IndexingError, EngineFault: the request failed.
        """
        arrived = self._waiting[request.number] = asyncio.Queue()
        if self.lived_s is not None:
            arrived.put_nowait(EngineLost("the engine's process has ended", ""))
        ended = False
        try:
            self._running.add(request.number)
            self._send(request)
            while isinstance(said := await arrived.get(), Told):
                yield said.what
            ended = True
        except WireError as error:
            raise ConfigurationError(str(error), "ask for less") from error
        finally:
            del self._waiting[request.number]
            if not ended:
                self._send(GiveUp(request.number))
        if isinstance(said, EngineLost):
            raise said
        if isinstance(said, Failed):
            raise said.error()

    def cancel(self, number: int) -> None:
        """End a question, keeping what a model wrote until now; a process that does not even end it is killed."""
        self._send(Cancel(number))
        asyncio.get_running_loop().call_later(STOPS_WITHIN_S, self._require_end, number)

    async def aclose(self) -> None:
        """End the process within two seconds, whatever it does; who waits for a result gets EngineLost."""
        self._closing = True
        self._fail(EngineLost("the engine was closed", ""))
        try:
            if self._process.stdin is not None:
                self._process.stdin.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_S):
                    await asyncio.shield(self._reading)
        finally:
            self._kill()
        await self._reading
        self._log.close()

    def _require_end(self, number: int) -> None:
        if number in self._running:
            self._hangs = True
            self._kill()

    def _send(self, value: EngineSettings | Request | Cancel | GiveUp) -> None:
        pipe = self._process.stdin
        if pipe is not None and not pipe.is_closing():
            pipe.write(framed(value))

    async def _read(self) -> None:
        """Pass on what it says until it ends."""
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        said = ""
        try:
            while (told := await receive(self._process.stdout)) is not None:
                self._pass_on(told)
        except WireError as error:
            said = f"it told what cannot be understood: {error}"
        code = await self._end()
        lived_s = time.monotonic() - self._began
        if code:  # then it has not cleared up
            await asyncio.to_thread(sweep)
        self.lived_s = lived_s
        if not self._closing:
            self._mourn(said or ("it hung, and was killed" if self._hangs else _how(code)), _hint(code))

    async def _end(self) -> int:
        """The code that the process ended with; it is killed where it only closed its pipe."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                return await self._process.wait()
        self._kill()
        return await self._process.wait()

    def _pass_on(self, told: object) -> None:
        match told:
            case Told(number=number, what=what) if number == NOTICE and isinstance(what, Notice):
                self._tell(what)
            case Told(number=int(number)) | Ended(number=int(number)) | Failed(number=int(number)) if (
                number != NOTICE
            ):
                if not isinstance(told, Told):
                    self._running.discard(number)
                if number in self._waiting:
                    self._waiting[number].put_nowait(told)
            case _:
                raise WireError(f"{type(told).__name__} was not asked for")

    def _mourn(self, how: str, hint: str) -> None:
        """Tell whoever waits, and whoever listens, that it is gone."""
        report = report_of(self._log, REPORTED_BYTES)
        self._log.close()
        message = f"the engine's process ended: {how}"
        self._fail(EngineLost(message, report, hint))
        self._tell(Lost(message, report))

    def _fail(self, lost: EngineLost) -> None:
        for arrived in self._waiting.values():
            arrived.put_nowait(lost)

    def _kill(self) -> None:
        if self._process.returncode is None:
            with suppress(ProcessLookupError):  # not Process.kill: of one that has just ended it loses the code
                os.kill(self._process.pid, signal.SIGKILL)


def _hint(code: int) -> str:
    if code < 0 and -code not in (signal.SIGKILL, signal.SIGTERM):  # as native code ends that reads broken files
        return f"{AGAIN}; if that one ends, too: parley doctor --fix"
    return AGAIN


def _how(code: int) -> str:
    if code == -signal.SIGKILL:
        return "it was killed, as happens where memory runs out"
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
