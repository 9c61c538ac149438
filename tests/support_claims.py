"""Claims beside sentences, for the tests of what supports them."""

from collections.abc import Sequence
from datetime import date

from assistant.answering.support.checking import why_unsupported
from assistant.answering.support.cited import Cited


def cite(*sentences: str, outlet: str | None = None, published: date | None = None) -> list[Cited]:
    """Sentences of one article, each with all of them as its context."""
    context = " ".join(sentences)
    return [Cited(sentence, outlet, None, published, context) for sentence in sentences]


def reason(claim: str, *sentences: str) -> str | None:
    """Why the sentences do not prove the claim."""
    return why_unsupported(claim, cite(*sentences), None)


def proven(claim: str, sentences: Sequence[str]) -> bool:
    """Whether they do."""
    return why_unsupported(claim, cite(*sentences), None) is None
