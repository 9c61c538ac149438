"""Answers that a language model words: it is asked, and each sentence of its reply is tied to what proves it.

Nothing that the model says of its sources is believed: ids that the prompt did not hold are dropped, and a
sentence whose ids do not prove it is looked up among all sentences that the model was given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.answering.attribution import attribute
from assistant.answering.confidence import probability, signals_of
from assistant.answering.drafting import Draft, DraftClaim, DraftText, Quoted
from assistant.answering.near_duplicates import Story, collapse
from assistant.answering.prompting import Prompt, budget_within, compose
from assistant.answering.reply import RepliedSentence, Reply
from assistant.answering.tokens import count_tokens, load_vocabulary
from assistant.answering.verification import Proof
from assistant.backends.protocol import (
    BackendEvent,
    Cites,
    Finished,
    ReasoningDelta,
    SentenceId,
    ShownTurn,
    TextDelta,
    Usage,
    Waiting,
    Withdrawn,
)
from assistant.errors import BackendError
from assistant.retrieval import Retrieval

if TYPE_CHECKING:
    from assistant.answering.extractive import ExtractiveAnswerer
    from assistant.backends.bridge import BlockingBackend


@dataclass(slots=True)
class _Asking:
    """What has come of one request so far."""

    reply: Reply = field(default_factory=Reply)
    usage: Usage | None = None
    finished: Finished | None = None
    thought: bool = False
    began: float = field(default_factory=time.perf_counter)
    first_text_ms: float | None = None

    def take(self, event: BackendEvent) -> DraftText | None:
        """Keep what an event brings; what of the draft is to be shown now."""
        match event:
            case TextDelta():
                if self.first_text_ms is None:
                    self.first_text_ms = (time.perf_counter() - self.began) * 1000
                shown = self.reply.feed(event.text)
                return DraftText(shown) if shown else None
            case Withdrawn():
                self.reply, self.thought = Reply(), True
                return DraftText("", anew=True)
            case ReasoningDelta():
                self.thought = True
            case Cites():
                self.reply.cite(event.ids)
            case Usage():
                self.usage = event
            case Finished():
                self.finished = event
        return None


class GenerativeAnswerer:
    """Asks a model; where nothing that it says can be proven, or it has nothing to say, sentences are quoted."""

    def __init__(
        self,
        backend: BlockingBackend,
        verbatim: ExtractiveAnswerer,
        proof: Proof,
        tell: Callable[[str], None],
        min_confidence: float = 0.0,
    ) -> None:
        """`tell` is for people who wait: that the model's provider is busy, and for how long.

        An answer of less than `min_confidence`, 0 to 1, is kept back. Unlike a quoted one it needs none by itself:
        that a model chose these sentences speaks for them, too.
        """
        self._min_confidence = min_confidence
        self._backend = backend
        self._verbatim = verbatim
        self._proof = proof
        self._tell = tell

    @property
    def name(self) -> str:
        """That of the backend."""
        return self._backend.backend.name

    def load(self) -> None:
        """Load the vocabulary that counts tokens, and start the thread of the backend."""
        load_vocabulary()
        self._backend.start()

    def cancel(self) -> bool:
        """End the reply where it is."""
        return self._backend.cancel()

    def close(self) -> None:
        """Close the backend."""
        self._backend.close()

    def stream(self, retrieval: Retrieval) -> Iterator[DraftText | Draft]:
        """The model's text as it comes, without marks, then the draft.

        Raises:
            BackendError: it cannot be reached, refuses, breaks off, says nothing, or can read too little.
        """
        stories = collapse(retrieval.evidence, len(retrieval.evidence))
        budget = budget_within(self._backend.backend.context)
        history = [ShownTurn(turn.question, turn.answer) for turn in retrieval.history]
        prompt = compose(retrieval.question, stories, count_tokens, budget, history)
        if not prompt.quoted:
            self._require_room(stories)
            yield Draft((), 0.0)
            return
        asking = _Asking()
        with closing(self._backend.stream(prompt.request)) as events:
            for event in events:
                if isinstance(event, Waiting):
                    self._tell(f"{event.reason}; asking again in {event.seconds:.0f} s")
                if shown := asking.take(event):
                    yield shown
                if asking.reply.full:
                    break
        _require_reply(asking, self.name)
        yield self._draft(retrieval, prompt, asking)

    def _require_room(self, stories: Sequence[Story]) -> None:
        """Raises BackendError where there would have been something to show."""
        if any(sentence.prose for story in stories for sentence in story.told.sentences):
            told = f"the question with one sentence of an article is longer than {self.name} can read"
            raise BackendError(told, "ask in fewer words, or name a model with a larger context")

    def _draft(self, retrieval: Retrieval, prompt: Prompt, asking: _Asking) -> Draft:
        incomplete = asking.finished is None or asking.finished.reason == "length"
        sentences = asking.reply.whole_sentences() if incomplete else asking.reply.sentences()
        claims = tuple(self._claim(said, prompt.quoted) for said in dict.fromkeys(sentences))  # some repeat one
        proven = [claim for claim in claims if claim.quoted and self._proof(claim.text, claim.quoted) is None]
        draft = Draft(claims, 0.0, incomplete=incomplete, usage=asking.usage, first_text_ms=asking.first_text_ms)
        if proven:
            confidence = self._confidence(retrieval, proven)
            kept = draft if confidence >= self._min_confidence else replace(draft, claims=())
            return replace(kept, confidence=confidence)
        if asking.finished is None and not asking.reply.full:  # somebody did not want to wait
            return draft
        quoted = self._verbatim.draft(retrieval)
        if asking.reply.finds_nothing:
            return replace(draft, confidence=quoted.confidence)
        return replace(
            draft,
            claims=claims + quoted.claims,
            shorts=quoted.shorts,
            confidence=quoted.confidence,
            warning="nothing that the model said could be proven; what the articles say themselves is quoted"
            if quoted.claims
            else None,
        )

    def _claim(self, said: RepliedSentence, shown: Mapping[SentenceId, Quoted]) -> DraftClaim:
        """A sentence of the reply with the sentences that prove it, or else those that it says do."""
        stated = tuple(shown[identity] for identity in said.ids if identity in shown)
        if stated and self._proof(said.text, stated) is None:
            return DraftClaim(said.text, stated)
        found = attribute(said.text, stated, tuple(shown.values()), self._proof)
        return DraftClaim(said.text, found or stated)

    def _confidence(self, retrieval: Retrieval, proven: Sequence[DraftClaim]) -> float:
        """The probability that one of the cited sentences holds the answer, as it would be for quoted ones."""
        cited = {(item.evidence.source.article, item.sentence) for claim in proven for item in claim.quoted}
        first = [item.evidence for claim in proven for item in claim.quoted]
        others = [evidence for evidence in retrieval.evidence if evidence not in first]
        ranked, _ = self._verbatim.rank(replace(retrieval, evidence=(*dict.fromkeys(first), *others)))
        return max(
            (
                probability(signals_of(item))
                for item in ranked
                if (item.quoted.evidence.source.article, item.quoted.sentence) in cited
            ),
            default=0.0,
        )


def _require_reply(asking: _Asking, name: str) -> None:
    """Raises BackendError where there is nothing to check."""
    if asking.finished is not None and asking.finished.reason == "refused":
        raise BackendError(f"{name} refused to answer", "ask otherwise, or use --backend extractive")
    if not asking.reply.text.strip() and asking.finished is not None:
        said = "thought, and then said nothing" if asking.thought else "replied with nothing"
        raise BackendError(f"{name} {said}", "ask again, or use --backend extractive")
