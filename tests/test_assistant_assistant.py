"""The stream behind every front end: what is retrieved, drafted, struck and answered."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Sentence, ShortAnswer
from assistant.answering.drafting import Draft, DraftClaim, DraftShort, DraftText, Quoted
from assistant.assistant import Answered, Assistant, Retrieved
from assistant.errors import ConfigurationError
from assistant.events import Delta
from assistant.retrieval import Retrieval, Retriever
from index.encoder import OnnxEmbedder
from index.keeping import KeptIndex
from index.state import StateFolder
from index.sync import Progress, SyncReport
from index.view import DateRange


class Silence:
    """Listens to an index and keeps what it was warned of."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def progress(self, progress: Progress) -> None:
        pass

    def synced(self, report: SyncReport) -> None:
        pass

    def warn(self, message: str) -> None:
        self.warnings.append(message)


class Scripted:
    """Drafts what it is told to, whatever the question."""

    name = "scripted"

    def __init__(self, draft: Callable[[Retrieval], Draft]) -> None:
        self._draft = draft

    def load(self) -> None:
        """Nothing has to be loaded."""

    def stream(self, retrieval: Retrieval) -> Iterator[Draft]:
        yield self._draft(retrieval)

    def cancel(self) -> bool:
        """Nothing lasts."""
        return False

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def assistant_saying(
    folder: Callable[..., Path], tmp_path: Path, encoder: OnnxEmbedder
) -> Iterator[Callable[..., Any]]:
    """Makes an assistant over one article with an answerer that drafts what it is told."""
    opened = []

    def make(draft: Callable[[Retrieval], Draft]) -> tuple[Assistant, Silence, Path]:
        corpus = folder({"a.txt": "The mill burned down in May.\nIt was rebuilt in June.\n"})
        listener = Silence()
        kept = KeptIndex(corpus, StateFolder.of(corpus, tmp_path / "states"), encoder, listener)
        opened.append(Assistant(kept, Retriever(kept.embedder), Scripted(draft), listener))
        return opened[-1], listener, corpus

    yield make
    for assistant in opened:
        assistant.close()


def every_sentence(retrieval: Retrieval) -> Draft:
    found = [(evidence, sentence) for evidence in retrieval.evidence for sentence in evidence.sentences]
    quotes = [Quoted(evidence, sentence) for evidence, sentence in found]
    return Draft(tuple(DraftClaim(quoted.text, (quoted,)) for quoted in quotes), 0.9)


def test_a_stream_tells_what_is_found_and_then_what_is_answered(assistant_saying: Callable[..., Any]) -> None:
    assistant, _, _ = assistant_saying(every_sentence)
    found, answered = list(assistant.stream("  What burned down?\n"))
    assert isinstance(found, Retrieved)
    assert isinstance(answered, Answered)
    assert answered.answer.question == "What burned down?"
    assert answered.answer.evidence == found.evidence
    assert answered.answer.text == "The mill burned down in May. [1] It was rebuilt in June. [2]"


def test_a_struck_claim_stays_among_the_claims_and_out_of_the_text(assistant_saying: Callable[..., Any]) -> None:
    def draft(retrieval: Retrieval) -> Draft:
        honest = every_sentence(retrieval).claims
        return Draft((DraftClaim("The mill was sold.", honest[0].quoted), *honest[1:]), 0.9)

    assistant, listener, _ = assistant_saying(draft)
    answer = assistant.ask("What burned down?")
    assert [claim.support for claim in answer.claims] == ["unsupported", "verbatim"]
    assert answer.claims[0].reason == "it is not what the cited sentence says"
    assert answer.text == "It was rebuilt in June. [1]"
    assert listener.warnings == []  # the answer tells it itself


def test_when_every_claim_is_struck_nothing_is_found_and_the_reasons_are_told(
    assistant_saying: Callable[..., Any],
) -> None:
    drafts = itertools.count()

    def draft(retrieval: Retrieval) -> Draft:
        corpus.joinpath("a.txt").write_text(f"Another text altogether, the {next(drafts)}th.\n")
        return every_sentence(retrieval)

    assistant, listener, corpus = assistant_saying(draft)
    answer = assistant.ask("What burned down?")
    assert (answer.status, answer.text, answer.claims, answer.citations) == ("not_found", "", (), ())
    assert answer.evidence
    assert answer.confidence == 0
    struck = [warning for warning in listener.warnings if "struck" in warning]
    assert struck == ["struck from the answer: a.txt no longer holds the quoted sentence"], "once, for both claims"


def test_a_file_that_changed_under_the_question_is_asked_again(assistant_saying: Callable[..., Any]) -> None:
    def draft(retrieval: Retrieval) -> Draft:
        corpus.joinpath("a.txt").write_text("The new mill burned down, too.\n")
        return every_sentence(retrieval)

    assistant, listener, corpus = assistant_saying(draft)
    answer = assistant.ask("What burned down?")
    assert [citation.quote for citation in answer.citations] == ["The new mill burned down, too."]
    assert not [warning for warning in listener.warnings if "struck" in warning]


def test_a_second_draft_takes_the_place_of_the_first(
    assistant_saying: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stream(self: Scripted, retrieval: Retrieval) -> Iterator[DraftText | Draft]:
        yield from (DraftText("It "), DraftText("burned."))
        corpus.joinpath("a.txt").write_text("The new mill burned down, too.\n")
        yield every_sentence(retrieval)

    monkeypatch.setattr(Scripted, "stream", stream)
    assistant, _, corpus = assistant_saying(every_sentence)
    written = [event for event in assistant.stream("What burned down?") if isinstance(event, Delta)]
    assert [(delta.text, delta.anew) for delta in written] == [
        *(("It ", False), ("burned.", False)),
        *(("It ", True), ("burned.", False)),
    ]


def test_a_warning_of_the_first_of_two_drafts_is_told(assistant_saying: Callable[..., Any]) -> None:
    warnings = iter(["The reader is damaged.", None])

    def draft(retrieval: Retrieval) -> Draft:
        corpus.joinpath("a.txt").write_text("The new mill burned down, too.\n")
        return replace(every_sentence(retrieval), warning=next(warnings))

    assistant, listener, corpus = assistant_saying(draft)
    assert assistant.ask("What burned down?").status == "answered"
    assert "The reader is damaged." in listener.warnings


def test_a_quote_whose_file_vanished_meanwhile_is_struck(assistant_saying: Callable[..., Any]) -> None:
    def draft(retrieval: Retrieval) -> Draft:
        for path in sorted(corpus.iterdir())[:-1]:
            path.unlink()
        return Draft(every_sentence(retrieval).claims[:1], 0.9)

    assistant, _, corpus = assistant_saying(draft)
    for name in "bcd":
        corpus.joinpath(f"{name}.txt").write_text("The mill burned down.\n")
    corpus.joinpath("z.txt").write_text("Nothing else happened.\n")
    answer = assistant.ask("What burned down?")
    assert [citation.source.article for citation in answer.citations] == ["z.txt"]


def the_month(retrieval: Retrieval) -> Draft:
    """Every sentence, and `May` out of the first."""
    claims = every_sentence(retrieval).claims
    return Draft(claims, 0.9, (DraftShort(claims[0].quoted[0], 24, 27),))


def test_a_short_answer_comes_with_the_sentences(assistant_saying: Callable[..., Any]) -> None:
    assistant, _, _ = assistant_saying(the_month)
    answer = assistant.ask("When did the mill burn down?")
    assert answer.short == ShortAnswer("May", 1, 24, 27)
    assert assistant_saying(every_sentence)[0].ask("When did the mill burn down?").short is None


def test_a_short_answer_is_named_where_it_stands_now(assistant_saying: Callable[..., Any]) -> None:
    def draft(retrieval: Retrieval) -> Draft:
        article = corpus.joinpath("a.txt")
        article.write_text("May had come.\n" + article.read_text())
        return the_month(retrieval)

    assistant, _, corpus = assistant_saying(draft)
    short = assistant.ask("When did the mill burn down?").short
    assert short == ShortAnswer("May", 1, 38, 41)
    assert corpus.joinpath("a.txt").read_text()[38:41] == "May"


def test_where_nothing_holds_there_is_no_short_answer(assistant_saying: Callable[..., Any]) -> None:
    def draft(retrieval: Retrieval) -> Draft:
        claims = every_sentence(retrieval).claims
        corpus.joinpath("a.txt").write_text(f"Another text, the {next(drafts)}th.\n")
        return Draft(claims, 0.9, (DraftShort(claims[0].quoted[0], 0, 3),))

    drafts = itertools.count()
    assistant, _, corpus = assistant_saying(draft)
    answer = assistant.ask("When did the mill burn down?")
    assert (answer.status, answer.short) == ("not_found", None)


def test_a_span_that_was_never_a_sentence_of_the_article_is_struck(assistant_saying: Callable[..., Any]) -> None:
    def draft(retrieval: Retrieval) -> Draft:
        quoted = Quoted(retrieval.evidence[0], Sentence(4, 900, prose=True))
        return Draft((DraftClaim(quoted.text, (quoted,)),), 0.9)

    assistant, _, _ = assistant_saying(draft)
    assert assistant.ask("What burned down?").citations == ()


def test_an_empty_question_is_refused_before_the_index_is_looked_at(assistant_saying: Callable[..., Any]) -> None:
    assistant, _, _ = assistant_saying(every_sentence)
    with pytest.raises(ConfigurationError):
        next(assistant.stream(" "))
    assert not assistant.kept.state.root.exists()


def test_dates_reach_the_stream(assistant_saying: Callable[..., Any]) -> None:
    assistant, _, _ = assistant_saying(every_sentence)
    answer = assistant.ask("What burned down?", DateRange(since=date(2000, 1, 1)))
    assert (answer.status, answer.evidence) == ("not_found", ())
