"""Which turns of saved conversations hold some words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assistant.errors import ConfigurationError, SessionFileError
from assistant.sessions.folder import SessionFolder
from assistant.sessions.record import KeptTurn
from assistant.sessions.session import Session
from assistant.sessions.summary import Summary

AROUND = 70
"""Characters of a text that are shown before and behind the word that was found."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn that holds all words."""

    session: Summary
    number: int
    """Of the turn in its session, from 1."""
    turn: KeptTurn
    excerpt: str
    """The text around the first of the words."""

    def to_json(self) -> dict[str, Any]:
        """The hit as `parley sessions search --json` prints it."""
        return {
            "session": {"id": self.session.id, "name": self.session.name},
            "turn": self.number,
            "at": self.turn.at.isoformat(),
            "question": self.turn.answer.question,
            "excerpt": self.excerpt,
        }


def search(folder: SessionFolder, summaries: Iterable[Summary], words: str) -> tuple[Hit, ...]:
    """The turns that hold each of the words, or of a word its part, whatever its case and accents.

    Questions, answers and quotes are looked through, and what is known of the articles that are cited.

    Raises:
        ConfigurationError: there is no word.
    """
    wanted = folded(words).split()
    if not wanted:
        raise ConfigurationError(
            "there is nothing to search for", "name some words: parley sessions search tariffs"
        )
    hits = []
    for summary in summaries:
        try:
            session = Session.opened(folder, summary.id)
        except SessionFileError as error:  # gone or replaced since it was listed
            folder.warn(str(error))
            continue
        for number, turn in enumerate(session.turns, 1):
            texts = _texts(turn)
            whole = folded("\n".join(texts))
            if all(word in whole for word in wanted):
                hits.append(Hit(summary, number, turn, _excerpt(texts, wanted)))
    return tuple(hits)


def folded(text: str) -> str:
    """The text as it is compared: without case, accents, and other ways to write the same character."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _texts(turn: KeptTurn) -> list[str]:
    answer = turn.answer
    texts = [answer.question, answer.standalone or ""]
    texts += [claim.text for claim in answer.claims if claim.support != "unsupported"]
    for citation in answer.citations:
        source = citation.source
        texts += [citation.quote, source.title or "", source.outlet or "", source.article]
    return texts


def _excerpt(texts: list[str], wanted: list[str]) -> str:
    """The first text that holds one of the words, cut to what stands around it."""
    for text in texts:
        line = " ".join(text.split())
        compared = folded(line)
        places = [compared.find(word) for word in wanted if word in compared]
        if places:
            # Folding may change lengths a little, and an excerpt need not begin at any certain character.
            start = max(min(places) - AROUND, 0)
            end = min(places) + AROUND
            return f"{'...' if start else ''}{line[start:end]}{'...' if end < len(line) else ''}"
    return ""
