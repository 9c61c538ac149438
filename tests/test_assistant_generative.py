"""What becomes of a model's reply: sentences tied to those that prove them, or quotations where none do."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from assistant.answer import Evidence, Sentence, Source
from assistant.answering.drafting import Draft, DraftClaim, DraftText, Quoted
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.fakes import ScriptedReader
from assistant.answering.generative import GenerativeAnswerer
from assistant.answering.prompting import NOT_FOUND
from assistant.backends.bridge import BlockingBackend
from assistant.backends.protocol import (
    BackendEvent,
    Cites,
    Finished,
    ReasoningDelta,
    SentenceId,
    TextDelta,
    Usage,
    Waiting,
    Withdrawn,
)
from assistant.backends.scripted import Reply, ScriptedBackend
from assistant.errors import BackendError
from assistant.retrieval import Retrieval
from index.fakes import FakeEmbedder
from index.lexical import Stemmer, Term, words

MILL = "The old mill burned down in May."
BRIDGE = "The new bridge was opened in June."
ASKED = "When did the old mill burn down?"


def passage(*sentences: str, article: str = "a.txt") -> Evidence:
    spans, offset = [], 0
    for text in sentences:
        spans.append(Sentence(offset, offset + len(text), prose=True))
        offset += len(text) + 1
    return Evidence(
        Source(article, None, None, None), 0, offset - 1, " ".join(sentences), tuple(spans), 0.5, 0.6, 0.5
    )


FOUND = Retrieval(
    ASKED,
    (passage(MILL, "Nobody was hurt."), passage(BRIDGE, article="b.txt")),
    {Term(("old",)): 1.0, Term(("mill",)): 2.0, Term(("burn",)): 2.0},
)


def all_words_stand_there(claim: str, quoted: Sequence[Quoted]) -> str | None:
    """A proof that is easy to see through."""
    missing = set(words(claim)) - {word for item in quoted for word in words(item.text)}
    return f"{sorted(missing)} are missing" if missing else None


class Desk:
    """A generative answerer over a scripted model, and what it told people."""

    def __init__(self, *replies: Reply, margin: float = 9.0, context: int | None = None) -> None:
        self.model = ScriptedBackend(replies)
        self.model.context = context
        self.verbatim = ExtractiveAnswerer(FakeEmbedder(), Stemmer(), ScriptedReader({"May": margin}), 0.2)
        self.told: list[str] = []
        self.answerer = GenerativeAnswerer(
            BlockingBackend(self.model), self.verbatim, self.check, self.told.append
        )
        self.checked = 0

    def check(self, claim: str, quoted: Sequence[Quoted]) -> str | None:
        self.checked += 1
        return all_words_stand_there(claim, quoted)

    def stream(self, retrieval: Retrieval = FOUND) -> list[DraftText | Draft]:
        return list(self.answerer.stream(retrieval))

    def draft(self, retrieval: Retrieval = FOUND) -> Draft:
        draft = self.stream(retrieval)[-1]
        assert isinstance(draft, Draft)
        return draft

    def close(self) -> None:
        self.answerer.close()


@pytest.fixture
def desks() -> Iterator[type[Desk]]:
    made: list[Desk] = []

    class Closed(Desk):
        def __init__(self, *replies: Reply, margin: float = 9.0, context: int | None = None) -> None:
            super().__init__(*replies, margin=margin, context=context)
            made.append(self)

    yield Closed
    for desk in made:
        desk.close()


def proofs(claims: Sequence[DraftClaim]) -> list[tuple[str, list[str]]]:
    return [(claim.text, [quoted.text for quoted in claim.quoted]) for claim in claims]


def test_a_sentence_rests_on_those_whose_ids_it_names(desks: type[Desk]) -> None:
    draft = desks("The mill burned down in May [1.1]. The bridge was opened [2.1].").draft()
    assert proofs(draft.claims) == [
        ("The mill burned down in May.", [MILL]),
        ("The bridge was opened.", [BRIDGE]),
    ]
    assert draft.confidence > 0
    assert not draft.incomplete


def test_an_answer_less_sure_than_was_asked_for_is_kept_back(desks: type[Desk]) -> None:
    sure = desks("The mill burned down in May [1.1].")
    asked = sure.draft().confidence
    strict = GenerativeAnswerer(
        BlockingBackend(ScriptedBackend(["The mill burned down in May [1.1]."])),
        sure.verbatim,
        all_words_stand_there,
        sure.told.append,
        min_confidence=asked + 0.001,
    )
    *_, draft = strict.stream(FOUND)
    strict.close()
    assert isinstance(draft, Draft)
    assert (draft.claims, draft.confidence) == ((), asked)


def test_the_draft_is_shown_without_ids_as_it_comes(desks: type[Desk]) -> None:
    *shown, draft = desks("The mill burned down [1.1].").stream()
    assert len(shown) > 1
    assert all(isinstance(piece, DraftText) for piece in shown)
    assert "".join(piece.text for piece in shown if isinstance(piece, DraftText)) == "The mill burned down."
    assert isinstance(draft, Draft)
    assert draft.first_text_ms is not None


@pytest.mark.parametrize("marks", ["", " [9.9]", " [2.1]", " [1.2]", " [2.1, 9.9]"])
def test_where_the_ids_do_not_prove_it_the_sentence_is_looked_up(desks: type[Desk], marks: str) -> None:
    [(_, quoted)] = proofs(desks(f"The mill burned down in May{marks}.").draft().claims)
    assert MILL in quoted


def test_a_sentence_may_need_one_more_than_it_names(desks: type[Desk]) -> None:
    [(_, quoted)] = proofs(desks("The old mill burned down, the new bridge was opened [2.1].").draft().claims)
    assert sorted(quoted) == sorted([BRIDGE, MILL])


def test_where_nothing_is_proven_sentences_are_quoted_beside_what_is_struck(desks: type[Desk]) -> None:
    draft = desks("The mill exploded in April [1.1].").draft()
    assert proofs(draft.claims) == [("The mill exploded in April.", [MILL]), (MILL, [MILL])]
    assert draft.warning
    assert "could be proven" in draft.warning
    assert draft.shorts


def test_where_nothing_is_proven_and_nothing_found_all_is_struck(desks: type[Desk]) -> None:
    draft = desks("The mill exploded in April [1.1].", margin=-12.0).draft()
    assert [claim.text for claim in draft.claims] == ["The mill exploded in April."]


def test_the_fixed_phrase_is_no_answer(desks: type[Desk]) -> None:
    draft = desks(NOT_FOUND).draft()
    assert draft.claims == ()
    assert draft.warning is None


def test_a_model_is_not_asked_where_nothing_was_found(desks: type[Desk]) -> None:
    desk = desks("The mill burned down [1.1].")
    assert desk.draft(Retrieval(ASKED, (), {})).claims == ()
    assert desk.model.requests == []


@pytest.mark.parametrize(("context", "question"), [(64, ASKED), (None, "mill " * 5_000)])
def test_a_model_that_can_read_too_little_is_told_from_articles_that_hold_nothing(
    desks: type[Desk], context: int | None, question: str
) -> None:
    desk = desks("The mill burned down [1.1].", context=context)
    with pytest.raises(BackendError, match="longer than scripted can read") as told:
        desk.draft(replace(FOUND, question=question))
    assert "larger context" in told.value.hint
    assert desk.model.requests == []


def test_a_sentence_that_is_said_over_and_over_is_checked_once(desks: type[Desk]) -> None:
    once, often = desks("It exploded [1.1]."), desks("It exploded [1.1]. " * 400)
    once.draft()
    assert {claim.text for claim in often.draft().claims} == {"It exploded.", MILL}
    assert often.checked == once.checked


def test_the_best_passages_are_shown_as_the_prompt_numbers_them(desks: type[Desk]) -> None:
    desk = desks("The mill burned down [1.1].")
    desk.draft()
    [request] = desk.model.requests
    assert [shown.sentences for shown in request.passages] == [(MILL, "Nobody was hurt."), (BRIDGE,)]
    assert request.question == ASKED


def test_usage_and_an_end_at_the_bound_are_kept(desks: type[Desk]) -> None:
    events: list[BackendEvent] = [
        TextDelta("The mill burned down [1.1]. The br"),
        Usage(80, 9),
        Finished("length"),
    ]
    draft = desks(events).draft()
    assert draft.usage == Usage(80, 9)
    assert draft.incomplete


def test_what_the_provider_cites_counts_as_ids(desks: type[Desk]) -> None:
    events: list[BackendEvent] = [
        TextDelta("The mill burned down."),
        Cites((SentenceId(1, 1),)),
        Finished("complete"),
    ]
    assert proofs(desks(events).draft().claims) == [("The mill burned down.", [MILL])]


def test_thoughts_are_no_part_of_the_answer(desks: type[Desk]) -> None:
    events: list[BackendEvent] = [
        ReasoningDelta("Hm. "),
        TextDelta("The bridge? "),
        Withdrawn(),
        TextDelta("The mill burned down [1.1]."),
        Finished("complete"),
    ]
    *shown, draft = desks(events).stream()
    assert DraftText("", anew=True) in shown
    assert isinstance(draft, Draft)
    assert [claim.text for claim in draft.claims] == ["The mill burned down."]


def test_a_pause_is_told(desks: type[Desk]) -> None:
    desk = desks(
        [Waiting(3.0, "example.org is busy (429)"), TextDelta("The mill burned [1.1]."), Finished("complete")]
    )
    desk.draft()
    assert desk.told == ["example.org is busy (429); asking again in 3 s"]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ([Finished("complete")], "replied with nothing"),
        ([TextDelta(" \n"), Finished("complete")], "replied with nothing"),
        ([ReasoningDelta("Hm."), Finished("complete")], "thought, and then said nothing"),
        ([TextDelta("The mill"), Finished("refused")], "refused to answer"),
        (BackendError("it is overloaded"), "it is overloaded"),
        ([TextDelta("The mill"), BackendError("it broke off")], "it broke off"),
    ],
)
def test_a_model_that_fails_is_an_error(desks: type[Desk], reply: Reply, told: str) -> None:
    with pytest.raises(BackendError, match=told):
        desks(reply).draft()


def test_whoever_cancels_keeps_what_is_proven_until_then(desks: type[Desk]) -> None:
    desk = desks("The mill burned down in May [1.1]. " + "The bridge was opened [2.1]. " * 50)
    stream = desk.answerer.stream(FOUND)
    shown = ""
    for piece in stream:
        if isinstance(piece, Draft):
            break
        shown += piece.text
        if shown.count(".") == 2:
            assert desk.answerer.cancel()
    assert isinstance(piece, Draft)
    assert piece.incomplete
    assert piece.claims[0].text == "The mill burned down in May."
    assert not desk.answerer.cancel()


def test_cancelled_before_anything_is_proven_it_keeps_nothing(desks: type[Desk]) -> None:
    desk = desks("Well, the mill exploded, and " * 50)
    stream = desk.answerer.stream(FOUND)
    next(stream)
    desk.answerer.cancel()
    *_, draft = stream
    assert isinstance(draft, Draft)
    assert draft.incomplete
    assert draft.confidence == 0


def test_an_endless_reply_is_cut(desks: type[Desk]) -> None:
    draft = desks("The mill burned down in May [1.1]. " * 5_000).draft()
    assert draft.incomplete
    assert draft.claims[0].quoted
