"""How values go through the pipes between an engine's processes: their length in four bytes, then a pickle.

What is read may come from a process that works on hostile articles. So a pickle can name nothing but the frozen
values listed here, of which none does anything when it is made; any other name ends the reading.
"""

from __future__ import annotations

import asyncio
import io
import pickle
from datetime import date
from typing import Any

from assistant import answer, conversation, events
from assistant.engine import messages, notices, settings

LONGEST_FRAME = 64 * 2**20
"""Bytes of a frame: an article of ten million words."""
_LENGTH = 4
_VALUES: tuple[type, ...] = (
    date,
    *(answer.Source, answer.Sentence, answer.Evidence, answer.Citation, answer.Claim, answer.ShortAnswer),
    *(answer.Spent, answer.IndexStatus, answer.Answer, conversation.Turn),
    *(events.Rewritten, events.Retrieved, events.Delta, events.Answered),
    *(notices.Remark, notices.Indexing, notices.Standing, notices.FolderChanged, notices.IndexingFailed),
    *(notices.ArticleSummary, notices.ArticleText, settings.EngineSettings),
    *(messages.Ask, messages.ListArticles, messages.ReadArticle, messages.MakeStarters, messages.Reindex),
    *(messages.Cancel, messages.GiveUp, messages.Told, messages.Ended, messages.Failed),
    *(messages.IndexOrder, messages.Indexed),
)
_KNOWN = {(value.__module__, value.__qualname__): value for value in _VALUES}


class WireError(Exception):
    """What came is no value that these processes tell each other."""


def framed(value: object) -> bytes:
    """A value as it goes through a pipe.

    Raises:
        WireError: it is too long.
    """
    pickled = pickle.dumps(value, protocol=5)
    if len(pickled) > LONGEST_FRAME:
        raise WireError(f"{len(pickled):,} bytes are more than the {LONGEST_FRAME:,} that can be told at once")
    return len(pickled).to_bytes(_LENGTH, "big") + pickled


def value_of(pickled: bytes) -> object:
    """The value of a frame without its length.

    Raises:
        WireError: it holds, or names, anything else.
    """
    try:
        return _Reading(io.BytesIO(pickled)).load()
    except WireError:
        raise
    except Exception as error:  # a broken pickle raises what it likes
        raise WireError(f"a frame cannot be read: {type(error).__name__}: {error}") from error


async def receive(pipe: asyncio.StreamReader) -> object | None:
    """The next value; None at the end of the pipe.

    Raises:
        WireError: what comes is none.
    """
    try:
        length = int.from_bytes(await pipe.readexactly(_LENGTH), "big")
        if length > LONGEST_FRAME:
            raise WireError(f"a frame of {length:,} bytes was announced; {LONGEST_FRAME:,} are the most")
        return value_of(await pipe.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


class _Reading(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _KNOWN:
            raise WireError(f"a frame names {module}.{name}")
        return _KNOWN[module, name]
