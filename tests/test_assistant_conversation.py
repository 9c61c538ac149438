"""What a follow-up takes from turns before it: words that let it stand by itself, and what proved the last one."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from assistant.answer import Answer, Citation, Evidence, Source
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.fakes import ScriptedReader
from assistant.assistant import Answered, Assistant, Event, Retrieved, Rewritten
from assistant.backends.scripted import ScriptedBackend
from assistant.conversation import Turn, to_carry
from assistant.retrieval import Retriever, with_carried
from index.encoder import OnnxEmbedder
from index.fakes import RecordingListener
from index.keeping import KeptIndex
from index.lexical import Stemmer
from index.state import StateFolder

MILL = "The old mill burned down in May."
"""Far from the question in words, so that nothing but what is carried brings it."""
OTHERS = {f"bridge{number}.txt": f"The council paid for bridge {number} in spring.\n" for number in range(9)}


class Completing:
    """Puts one question as it was told to, and keeps what it was asked."""

    def __init__(self, standalone: str | None) -> None:
        self.standalone_as = standalone
        self.asked: list[tuple[str, Sequence[Turn]]] = []

    def standalone(self, question: str, history: Sequence[Turn]) -> str | None:
        self.asked.append((question, history))
        return self.standalone_as


@pytest.fixture
def assistant_with(
    folder: Callable[..., Path], tmp_path: Path, encoder: OnnxEmbedder
) -> Iterator[Callable[..., Assistant]]:
    """Makes an assistant over a mill and nine bridges that puts follow-ups as it is told to."""
    opened = []

    def make(rewriter: Completing) -> Assistant:
        corpus = folder({"mill.txt": f"{MILL}\n", **OTHERS})
        kept = KeptIndex(corpus, StateFolder.of(corpus, tmp_path / "states"), encoder, RecordingListener())
        answerer = ExtractiveAnswerer(encoder, Stemmer(), ScriptedReader({"in spring": 9.0}), 0.1)
        opened.append(Assistant(kept, Retriever(encoder), answerer, RecordingListener(), rewriter=rewriter))
        return opened[-1]

    yield make
    for assistant in opened:
        assistant.close()


def events(assistant: Assistant, question: str, *history: Turn) -> list[Event]:
    return list(assistant.stream(question, None, history))


def answer_of(happened: Sequence[Event]) -> Answer:
    assert isinstance(happened[-1], Answered)
    return happened[-1].answer


CITED = Citation(1, Source("mill.txt", None, None, None), 0, len(MILL), MILL)
TOLD = Turn("What burned down?", MILL, cited=(CITED,))


def test_a_follow_up_is_looked_for_as_it_was_completed_and_says_so(
    assistant_with: Callable[..., Assistant],
) -> None:
    completing = Completing("Who paid for bridge 3?")
    happened = events(assistant_with(completing), "And who paid for 3?", TOLD)
    assert happened[0] == Rewritten("Who paid for bridge 3?")
    answer = answer_of(happened)
    assert (answer.question, answer.standalone) == ("And who paid for 3?", "Who paid for bridge 3?")
    assert answer.to_json()["standalone"] == "Who paid for bridge 3?"
    assert answer.evidence[0].source.article == "bridge3.txt"
    assert completing.asked == [("And who paid for 3?", (TOLD,))]


def test_what_proved_the_last_answer_is_carried_into_the_first_five_passages_and_marked(
    assistant_with: Callable[..., Assistant],
) -> None:
    happened = events(assistant_with(Completing("Who paid for the bridge in spring?")), "And who paid?", TOLD)
    (found,) = [event.evidence for event in happened if isinstance(event, Retrieved)]
    assert [item.source.article for item in found[:5] if item.carried] == ["mill.txt"]
    assert not any(item.carried for item in found[5:])


def test_with_a_model_it_is_looked_for_as_the_model_put_it(
    folder: Callable[..., Path], tmp_path: Path, encoder: OnnxEmbedder
) -> None:
    model = ScriptedBackend(["Who burned down the old mill?", "NOT IN THESE ARTICLES"])
    corpus = folder({"mill.txt": f"{MILL}\n", **OTHERS})
    with Assistant.open(
        corpus, tmp_path / "states", encoder, RecordingListener(), min_confidence=0.99, backend=model
    ) as assistant:
        happened = events(assistant, "Who burned it down?", TOLD)
    assert happened[0] == Rewritten("Who burned down the old mill?")
    assert answer_of(happened).evidence[0].source.article == "mill.txt"
    rewriting, answering = model.requests
    assert (rewriting.passages, answering.question) == ((), "Who burned down the old mill?")


def test_a_question_that_stands_by_itself_takes_nothing(assistant_with: Callable[..., Assistant]) -> None:
    assistant = assistant_with(Completing(None))
    asked, followed = (
        events(assistant, "Who paid for bridge 3?"),
        events(assistant, "Who paid for bridge 3?", TOLD),
    )
    assert answer_of(followed).standalone is None
    assert answer_of(followed).evidence == answer_of(asked).evidence


def test_without_history_nothing_is_rewritten(assistant_with: Callable[..., Assistant]) -> None:
    completing = Completing("Who paid for bridge 3?")
    assert not any(isinstance(event, Rewritten) for event in events(assistant_with(completing), "And who paid?"))
    assert completing.asked == []


def test_carried_is_what_proved_the_last_answer_that_anything_proved() -> None:
    refused = Turn("Who set it on fire?", "")
    assert to_carry([Turn("Before?", "x", cited=(CITED, CITED)), TOLD, refused]) == (CITED,)
    assert to_carry([refused]) == ()


def test_a_turn_says_what_was_shown_and_what_proved_it(assistant_with: Callable[..., Assistant]) -> None:
    answer = answer_of(events(assistant_with(Completing(None)), "Who paid for bridge 3?"))
    turn = Turn.of(answer)
    assert turn.question == turn.asked == "Who paid for bridge 3?"
    assert turn.cited == answer.citations
    assert turn.answer == " ".join(citation.quote for citation in answer.citations)


def passage(number: int, *, carried: bool = False) -> Evidence:
    return Evidence(Source(f"{number}.txt", None, None, None), 0, 1, "x", (), 0.5, 0.5, 1 / number, carried)


@pytest.mark.parametrize(
    ("carried", "order"),
    [
        ((), [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ((2, 3, 4), [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ((8,), [1, 2, 3, 4, 8, 5, 6, 7, 9]),
        ((2, 8), [1, 2, 3, 4, 8, 5, 6, 7, 9]),
        ((7, 8, 9), [1, 2, 3, 7, 8, 4, 5, 6, 9]),
    ],
)
def test_carried_passages_move_up_to_the_end_of_the_first_five_and_no_further(
    carried: tuple[int, ...], order: list[int]
) -> None:
    ranked = [passage(number, carried=number in carried) for number in range(1, 10)]
    assert [int(item.source.article.split(".")[0]) for item in with_carried(ranked)] == order
