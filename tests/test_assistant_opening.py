"""Parley from Python: an assistant opens with nothing but a folder, and takes what else is given."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.llms import MockLLM

import assistant as parley_package
from assistant import (
    Answered,
    Assistant,
    ConfigurationError,
    CorpusError,
    Delta,
    Price,
    Retrieved,
    Rewritten,
    Turn,
)
from assistant.backends.protocol import TextDelta, Usage
from assistant.backends.scripted import ScriptedBackend

ROOT = Path(__file__).resolve().parent.parent
DEFICIT = "How big is the trade deficit with China?"
pytestmark = pytest.mark.usefixtures("shipped_models")


@pytest.fixture
def opened(sample: Path) -> Iterator[Assistant]:
    with Assistant.open(sample) as assistant:
        yield assistant


def test_a_question_needs_nothing_but_a_folder(opened: Assistant, sample: Path) -> None:
    answer = opened.ask(DEFICIT)
    assert (answer.status, answer.backend) == ("answered", "extractive")
    assert answer.short is not None
    assert answer.short.text == "$375.2 billion"
    assert answer.claims[0].support == "verbatim"
    assert 0 < answer.confidence < 1
    first = answer.citations[0]
    assert (sample / first.source.article).read_text(encoding="utf-8-sig")[first.start : first.end] == first.quote
    assert answer.to_json()["schema"] == "parley.answer/1"
    with pytest.raises(FrozenInstanceError):
        answer.text = "otherwise"  # type: ignore[misc]


def test_a_stream_ends_with_the_answer_and_a_search_finds_passages(opened: Assistant) -> None:
    events = list(opened.stream(DEFICIT))
    assert isinstance(events[0], Retrieved)
    assert isinstance(events[-1], Answered)
    found = opened.search("trade deficit", 3)
    assert len(found.passages) == 3
    assert found.status.articles == 5
    assert len(opened.search("trade deficit").passages) == 5


def test_state_is_kept_where_the_command_line_keeps_it(
    mill: Path, own_surroundings: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def ask(**more: Any) -> None:
        with Assistant.open(str(mill), **more) as assistant:
            assistant.ask("What burned down?")

    def kept(states: Path) -> list[str]:
        return [path.name.rpartition("-")[0] for path in states.iterdir()]

    ask()
    assert kept(own_surroundings / "data" / "parley") == ["articles"]
    monkeypatch.setenv("PARLEY_STATE", str(tmp_path / "variable"))
    ask()
    assert kept(tmp_path / "variable") == ["articles"]
    ask(states=tmp_path / "given")
    assert kept(tmp_path / "given") == ["articles"]


def test_a_home_is_understood_and_a_folder_that_is_none_is_told_by_the_first_question(
    own_surroundings: Path, mill: Path
) -> None:
    (own_surroundings / "clippings").symlink_to(mill)
    with Assistant.open("~/clippings") as assistant:
        assert assistant.search("mill").passages
    with Assistant.open("/nowhere/at/all") as assistant, pytest.raises(CorpusError) as told:
        assistant.ask("Who?")
    assert told.value.hint


def test_no_model_is_asked_unless_the_caller_names_one(
    sample: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    replies = tmp_path / "replies.txt"
    replies.write_text("It burned [1.1].\n")
    monkeypatch.setenv("PARLEY_BACKEND", f"scripted:{replies}")
    with Assistant.open(sample) as assistant:
        assert assistant.ask(DEFICIT).backend == "extractive"


def test_a_backend_is_named_as_on_the_command_line(mill: Path, tmp_path: Path) -> None:
    replies = tmp_path / "replies.jsonl"
    replies.write_text(
        '[{"text": "The mill burned down in May [1.1]."}, {"usage": {"read": 900, "written": 10}}]\n'
    )
    with Assistant.open(mill, backend=f"scripted:{replies}", price="1000/2000") as assistant:
        events = list(assistant.stream("When did the mill burn down?"))
    assert any(isinstance(event, Delta) for event in events)
    assert isinstance(events[-1], Answered)
    answer = events[-1].answer
    assert answer.backend == f"scripted:{replies}"
    assert answer.spent is not None
    assert answer.spent.cost == pytest.approx(0.92)


def test_address_and_price_of_a_named_backend_may_be_configured(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def backend_for(choice: object, base_url: str | None) -> None:
        asked.append(base_url)

    monkeypatch.setattr("assistant.opening.backend_for", backend_for)
    monkeypatch.setenv("PARLEY_BASE_URL", "http://127.0.0.1:1/v1")
    for given in (None, "http://127.0.0.1:2/v1"):
        Assistant.open(sample, backend="openai:m", base_url=given).close()
    assert asked == ["http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1"]


def test_an_llm_of_llama_index_words_the_answer(mill: Path) -> None:
    with Assistant.open(mill, backend=MockLLM()) as assistant:
        answer = assistant.ask("When did the mill burn down?")
    assert answer.backend == "llamaindex:MockLLM"
    assert answer.claims


def test_a_price_is_an_object_or_a_text(mill: Path) -> None:
    def reply() -> ScriptedBackend:
        return ScriptedBackend([[TextDelta("The mill burned down in May [1.1]."), Usage(1000, 0)]])

    for price in (Price(2000, 0), "2000/0"):
        with Assistant.open(mill, backend=reply(), price=price) as assistant:
            spent = assistant.ask("When did the mill burn down?").spent
        assert spent is not None
        assert spent.cost == 2.0


@pytest.mark.parametrize(
    "given",
    [
        {"backend": "nonsense"},
        {"backend": ""},
        {"backend": "openai:m", "price": "dear"},
        {"backend": "scripted:/nowhere"},
        {"base_url": "http://127.0.0.1:1/v1"},
        {"min_confidence": 2},
        {"min_confidence": float("nan")},
        {"states": "~nobody-of-this-name/x"},
        {"corpus": "a\0b"},
    ],
    ids=str,
)
def test_what_cannot_be_used_is_told_at_once(given: dict[str, Any], sample: Path) -> None:
    with pytest.raises(ConfigurationError) as told:
        Assistant.open(**{"corpus": sample, **given})
    assert told.value.hint


def test_min_confidence_keeps_answers_back(sample: Path) -> None:
    with Assistant.open(sample, min_confidence=1.0) as assistant:
        assert assistant.ask(DEFICIT).status == "not_found"


def test_warnings_are_logged_and_made_harmless(
    folder: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    corpus = folder({"mill.txt": "The mill burned down in May.\n", "bad\x1b.txt": b"\xff"})
    with caplog.at_level(logging.INFO, "parley"), Assistant.open(corpus) as assistant:
        assistant.ask("What burned down?")
    told = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "parley"]
    assert ("INFO", "indexed 1 articles, 1 passages") in told
    (warning,) = [message for level, message in told if level == "WARNING"]
    assert "is not UTF-8" in warning
    assert "\x1b" not in warning


def test_history_is_a_list_of_turns_and_a_conversation_keeps_it(mill: Path) -> None:
    put = "When was the mill rebuilt?"
    backend = ScriptedBackend(["The mill burned down in May [1.1].", put, "It was rebuilt in June [1.2]."])
    with Assistant.open(mill, backend=backend) as assistant:
        conversation = assistant.conversation()
        first = conversation.ask("When did the mill burn down?")
        events = list(conversation.stream("When was it rebuilt?"))
        assert events[0] == Rewritten(put)
        assert isinstance(events[-1], Answered)
        assert conversation.turns == [Turn.of(first), Turn.of(events[-1].answer)]
        assert assistant.conversation(conversation.turns).turns == conversation.turns


def test_every_exported_name_is_there_and_typed() -> None:
    assert {name for names in parley_package._HOMES.values() for name in names.split()} == set(
        parley_package.__all__
    )
    assert [name for name in parley_package.__all__ if getattr(parley_package, name) is None] == []
    assert set(parley_package.__all__) <= set(dir(parley_package))
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        _ = parley_package.Nonsense
    for package in ("assistant", "index"):
        assert (ROOT / package / "py.typed").exists()
