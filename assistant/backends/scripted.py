"""Replies from a queue instead of a model: for tests, demonstrations and documentation, on any machine.

A file of replies is either plain text, one reply a line, or JSON Lines (`.jsonl`), where each line is a reply: a
string, or a list of events such as

    [{"reasoning": "Two outlets report it."}, {"text": "The mill closed [1.2]."}, {"cites": ["1.2"]},
     {"usage": {"read": 812, "written": 9}}, {"finished": "length"}]

(on one line), or ending in `{"error": "it is overloaded", "hint": "wait a minute"}` where the model fails.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Sequence
from pathlib import Path
from typing import Any

from assistant.backends.protocol import (
    BackendEvent,
    Cites,
    Finished,
    ReasoningDelta,
    Request,
    SentenceId,
    TextDelta,
    Usage,
)
from assistant.errors import BackendError, ConfigurationError

Reply = str | BackendError | Sequence[BackendEvent | BackendError]
"""A text; a failure; or events, of which the last may be a failure. Events without an end are complete."""
PIECE = 5
"""Characters of a delta, so that ids such as `[1.2]` come in pieces, as a model's tokens do."""
_ID = re.compile(r"\[?(\d{1,6})\.(\d{1,6})\]?")
_FORM = 'each line is a reply: "text", or a list such as [{"text": "..."}, {"error": "..."}]'


class ScriptedBackend:
    """Gives the replies of a queue in their order, and keeps what it was asked."""

    context: int | None = None

    def __init__(self, replies: Iterable[Reply], name: str = "scripted") -> None:
        self.name = name
        self.requests: list[Request] = []
        """Every request that it got, oldest first."""
        self._replies = deque(_events(reply) for reply in replies)
        self._held = len(self._replies)

    @classmethod
    def configured(cls, model: str | None) -> ScriptedBackend:
        """With the replies of the file that stands where others name a model.

        Raises:
            ConfigurationError: no file is named, or it cannot be used.
        """
        if model is None:
            raise ConfigurationError(
                "the scripted backend needs a file of replies", "name one: --backend scripted:replies.txt"
            )
        return cls.of_file(Path(model))

    @classmethod
    def of_file(cls, path: Path) -> ScriptedBackend:
        """With the replies of a file.

        Raises:
            ConfigurationError: it cannot be read, or is not of the form that the module describes.
        """
        try:
            lines = path.read_text(encoding="utf-8-sig").split("\n")
        except (OSError, ValueError) as error:  # not UTF-8, or NUL in the name
            reason = getattr(error, "strerror", None) or error
            told = f"the file of replies {str(path)!r} cannot be read: {reason}"
            raise ConfigurationError(told, "name one that can: --backend scripted:replies.txt") from error
        replies: list[Reply] = []
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                replies.append(_reply(json.loads(line)) if path.suffix == ".jsonl" else line.strip())
            except ValueError as error:
                raise ConfigurationError(f"{path}, line {number}: {error}", _FORM) from error
        return cls(replies, f"scripted:{path}")

    async def stream(self, request: Request) -> AsyncGenerator[BackendEvent, None]:
        """The events of the next reply.

        Raises:
            BackendError: as the script says; or all its replies have been given.
        """
        self.requests.append(request)
        if not self._replies:
            given = {0: "it holds none", 1: "its only one has been given"}
            why = given.get(self._held, f"all of its {self._held} have been given")
            told = f"{self.name} has no reply to request {len(self.requests)}: {why}"
            raise BackendError(told, "write more replies")
        for event in self._replies.popleft():
            if isinstance(event, BackendError):
                raise event
            yield event

    async def aclose(self) -> None:
        """Nothing is held."""


def _events(reply: Reply) -> tuple[BackendEvent | BackendError, ...]:
    if isinstance(reply, BackendError):
        return (reply,)
    events = tuple(_deltas(reply)) if isinstance(reply, str) else tuple(reply)
    ended = bool(events) and isinstance(events[-1], Finished | BackendError)
    return events if ended else (*events, Finished("complete"))


def _deltas(text: str) -> Iterable[TextDelta]:
    return (TextDelta(text[start : start + PIECE]) for start in range(0, len(text), PIECE))


def _reply(written: Any) -> Reply:
    """The reply that a line of JSON stands for.

    Raises:
        ValueError: it stands for none.
    """
    if isinstance(written, str):
        return written
    events = [event for item in (written if isinstance(written, list) else [written]) for event in _stated(item)]
    if any(isinstance(event, Finished | BackendError) for event in events[:-1]):
        raise ValueError("nothing comes after finished or an error")
    return events


def _stated(item: Any) -> Iterable[BackendEvent | BackendError]:
    match item:
        case {"text": str(text), **rest} if not rest:
            return _deltas(text)
        case {"reasoning": str(text), **rest} if text and not rest:
            return [ReasoningDelta(text)]
        case {"cites": [*ids], **rest} if not rest:
            return [Cites(tuple(_id(stated) for stated in ids))]
        case {"usage": {"read": int(read), "written": int(written)}, **rest} if not rest:
            return [Usage(read, written)]
        case {"finished": "complete" | "length" | "refused" as reason, **rest} if not rest:
            return [Finished(reason)]
        case {"error": str(message), **rest} if not rest.keys() - {"hint"}:
            return [BackendError(message, str(rest.get("hint", "")))]
    raise ValueError(f"there is no event {json.dumps(item)}")


def _id(stated: Any) -> SentenceId:
    match = _ID.fullmatch(stated) if isinstance(stated, str) else None
    if match is None:
        raise ValueError(f'{json.dumps(stated)} is no sentence id such as "1.2"')
    return SentenceId(int(match[1]), int(match[2]))
