"""Composes an assistant from a folder and what else is given: the composition root of callers in Python."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.reader import OnnxReader
from assistant.assistant import Assistant
from assistant.backends.choosing import Choice, Price, backend_for
from assistant.errors import ConfigurationError
from assistant.retrieval import DENSE_WEIGHT, Retriever
from assistant.settings import folder_of, load_settings
from assistant.stopping import Stop, StoppableBackend, StoppableListener
from index.keeping import KeptIndex, Listener, Patience
from index.lexical import Stemmer
from index.remembering import RememberingEmbedder
from index.state import StateFolder

if TYPE_CHECKING:
    from assistant.backends.llamaindex import LLM
    from assistant.backends.protocol import Backend
    from index.encoder import Embedder


def open_assistant(
    corpus: str | Path,
    states: str | Path | None = None,
    embedder: Embedder | None = None,
    listener: Listener | None = None,
    dense_weight: float = DENSE_WEIGHT,
    min_confidence: float | None = None,
    backend: str | Backend | LLM | None = None,
    price: str | Price | None = None,
    base_url: str | None = None,
) -> Assistant:
    """An assistant over a folder of articles; nothing is read before the first question.

    Without a `backend` the articles are quoted and no model is asked, whatever is configured: what leaves the
    machine is said by whoever calls.

    Args:
        corpus: the folder, as `--corpus` takes it.
        states: the folder under which each corpus keeps its index; as configured for the command line, if None.
        embedder: what makes vectors of texts; the shipped encoder, if None.
        listener: whoever wants to know what happens to the index; the log `parley`, if None.
        dense_weight: the share of meaning in retrieval, 0 to 1; the rest is that of words.
        min_confidence: an answer of less confidence, 0 to 1, is kept back; the shipped threshold, if None.
        backend: who words the answers: `NAME[:MODEL]` as for `--backend`, a backend, or an LLM of llama-index.
        price: what a million tokens cost, read and written, as `0.25/2`; makes the cost of an answer.
        base_url: where a backend that is named is reached; with its price as configured, if None.

    Raises:
        ConfigurationError: a value cannot be used, or something that the backend needs is not configured.
    """
    if min_confidence is not None and not 0 <= min_confidence <= 1:
        raise ConfigurationError(f"min_confidence {min_confidence!r} is no number from 0 to 1", "give it as 0.3")
    folder = folder_of("corpus", str(corpus))
    root = load_settings({}).state if states is None else folder_of("states", str(states))
    asked, asked_price = backend_of(backend, base_url, price)
    encoder = embedder or _shipped_encoder()

    def keep(told: Listener, patience: Patience) -> KeptIndex:
        return KeptIndex(folder, StateFolder.of(folder, root), encoder, told, patience)

    return assemble(keep, OnnxReader(), listener or _log(), dense_weight, min_confidence, asked, asked_price)


def assemble(
    keep: Callable[[Listener, Patience], KeptIndex],
    reader: OnnxReader,
    listener: Listener,
    dense_weight: float = DENSE_WEIGHT,
    min_confidence: float | None = None,
    asked: Backend | None = None,
    asked_price: Price | None = None,
) -> Assistant:
    """An assistant of parts that callers may share between several; `keep` makes its index."""
    stop = Stop()
    told = StoppableListener(listener, stop)
    kept = keep(told, Patience(pause=stop.pause))
    remembering = RememberingEmbedder(kept.embedder)
    retriever = Retriever(remembering, dense_weight)
    verbatim = ExtractiveAnswerer(remembering, Stemmer(), reader, min_confidence)
    if asked is None:
        return Assistant(kept, retriever, verbatim, told, stop=stop)
    # What follows loads nothing heavy, but is more than an answer without a model needs.
    from assistant.answering.generative import GenerativeAnswerer
    from assistant.answering.proof import LikelyProof
    from assistant.backends.bridge import BlockingBackend
    from assistant.follow_ups.rewriting import RuleRewriter
    from assistant.rewriting import BackendRewriter

    proof = LikelyProof(remembering)
    blocking = BlockingBackend(StoppableBackend(asked, stop))
    generative = GenerativeAnswerer(blocking, verbatim, proof, told.warn, min_confidence or 0.0)
    stop.ending = blocking.give_up
    rewriter = BackendRewriter(blocking, RuleRewriter())
    return Assistant(kept, retriever, generative, told, proof, asked_price, rewriter, stop)


def backend_of(
    stated: str | Backend | LLM | None, base_url: str | None, price: str | Price | None
) -> tuple[Backend | None, Price | None]:
    """The backend that is meant, and its price; where it is named, its address and price may be configured.

    Raises:
        ConfigurationError: something that the backend needs is not configured.
    """
    if isinstance(stated, str):
        settings = load_settings({"backend": stated, "base_url": base_url})
        return backend_for(Choice.of(stated), settings.base_url), _price(price or settings.price)
    if base_url is not None:
        raise ConfigurationError("base_url goes with the name of a backend", 'name one: backend="openai:MODEL"')
    if hasattr(stated, "astream_chat"):  # its type would cost importing llama-index, 3 s, for those who have none
        from assistant.backends.llamaindex import LlamaIndexBackend

        return LlamaIndexBackend(cast("LLM", stated)), _price(price)
    return stated, _price(price)


def _price(stated: str | Price | None) -> Price | None:
    return Price.of(stated) if isinstance(stated, str) else stated


def _log() -> Listener:
    from assistant.listening import LoggingListener

    return LoggingListener()


def _shipped_encoder() -> Embedder:
    from index.encoder import OnnxEmbedder

    return OnnxEmbedder()
