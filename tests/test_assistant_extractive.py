"""Answers without a model server: what is ranked first, what is kept back, and what happens without the reader."""

from collections.abc import Sequence

import pytest

from assistant.answer import Evidence, Sentence, Source
from assistant.answering.confidence import Signals, probability, threshold
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.fakes import ScriptedReader
from assistant.answering.reader import Reader, Reading
from assistant.errors import ReaderError
from assistant.retrieval import Retrieval
from index.errors import EncoderError
from index.fakes import FakeEmbedder
from index.lexical import Stemmer, Term

MILL = "The old mill burned down in May."
BRIDGE = "The new bridge was opened in June."
ASKED = "When did the old mill burn down?"


def passage(*sentences: str, article: str = "a.txt", dense: float | None = 0.6) -> Evidence:
    """A passage of these sentences; one that begins with # is no prose."""
    spans, offset = [], 0
    for text in sentences:
        spans.append(Sentence(offset, offset + len(text), prose=not text.startswith("#")))
        offset += len(text) + 1
    source = Source(article, None, None, None)
    return Evidence(source, 0, offset - 1, " ".join(sentences), tuple(spans), 0.5, dense, 0.5)


def found(*evidence: Evidence, question: str = ASKED) -> Retrieval:
    return Retrieval(question, evidence, {Term(("old",)): 1.0, Term(("mill",)): 2.0, Term(("burn",)): 2.0})


def answerer(reader: Reader | None, min_confidence: float | None = None) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(FakeEmbedder(), Stemmer(), reader, min_confidence)


class BrokenReader:
    """A reader whose file was cut short."""

    identity = "broken"

    def load(self) -> None:
        raise ReaderError("The reader's file is cut short.", "Install Parley again")

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        self.load()
        return []


def test_the_sentence_that_the_reader_points_at_comes_first_with_its_words() -> None:
    draft = answerer(ScriptedReader({"in June": 11.0, "in May": -4.0}), 0).draft(found(passage(MILL, BRIDGE)))
    assert draft.claims[0].text == BRIDGE
    assert (draft.shorts[0].start, draft.shorts[0].end) == (59, 66)


def test_confidence_rises_with_what_the_reader_sees() -> None:
    evidence = found(passage(MILL))
    sure, unsure = (answerer(ScriptedReader({"May": margin}), 0).draft(evidence) for margin in (9.0, -9.0))
    assert sure.confidence > unsure.confidence


def test_below_the_threshold_nothing_is_said_and_the_confidence_tells_why() -> None:
    evidence = found(passage(BRIDGE, dense=0.0), question="Who invented the telephone?")
    kept_back = answerer(ScriptedReader({})).draft(evidence)
    assert (kept_back.claims, kept_back.shorts) == ((), ())
    assert 0 < kept_back.confidence < threshold(read=True)


def test_a_bound_of_ones_own_replaces_the_threshold() -> None:
    evidence = found(passage(MILL))
    reader = ScriptedReader({"May": 9.0})
    assert answerer(reader, 1.0).draft(evidence).claims == ()
    assert answerer(ScriptedReader({}), 0.0).draft(evidence).claims != ()


def test_headings_and_credits_answer_nothing() -> None:
    reader = ScriptedReader({"May": 12.0})
    draft = answerer(reader, 0).draft(found(passage("# The mill burned in May", BRIDGE)))
    assert [claim.text for claim in draft.claims] == [BRIDGE]
    assert answerer(reader, 0).draft(found(passage("# The mill burned in May"))).claims == ()


def test_without_a_passage_there_is_no_answer() -> None:
    draft = answerer(ScriptedReader({})).draft(found())
    assert (draft.claims, draft.confidence) == ((), 0.0)


def test_a_reader_that_fails_is_done_without_and_said_once() -> None:
    broken = answerer(BrokenReader(), 0)
    first, second = (broken.draft(found(passage(MILL, BRIDGE))) for _ in range(2))
    assert first.warning == (
        "The reader's file is cut short. Answering by ranked sentences alone. Install Parley again"
    )
    assert second.warning is None
    assert first.claims == second.claims != ()
    assert first.shorts == ()


def test_an_encoder_that_fails_is_no_matter_of_the_reader() -> None:
    class Broken(FakeEmbedder):
        def embed(self, texts: Sequence[str]):  # type: ignore[no-untyped-def]
            raise EncoderError("The encoder's file is cut short.")

    with pytest.raises(EncoderError):
        ExtractiveAnswerer(Broken(), Stemmer(), None).draft(found(passage(MILL)))
    with pytest.raises(EncoderError):
        ExtractiveAnswerer(Broken(), Stemmer(), ScriptedReader({})).draft(found(passage(MILL)))


def test_where_vectors_could_not_be_asked_the_sentence_stands_for_its_passage() -> None:
    draft = answerer(ScriptedReader({"May": 9.0}), 0).draft(found(passage(MILL, dense=None)))
    assert draft.claims[0].text == MILL


@pytest.mark.parametrize("read", [True, False])
def test_each_signal_speaks_for_the_answer_or_not_at_all(read: bool) -> None:
    """More likeness is never a reason to refuse."""
    low = Signals(0.1, 0.1, 0.1, 0.1, -0.5 if read else None)
    high = Signals(0.9, 0.9, 0.9, 0.9, 0.5 if read else None)
    assert 0 < probability(low) < threshold(read=read) < probability(high) < 1
