"""What the tools give: our JSON and text to read; and what goes wrong, as an outcome with a hint."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from assistant.asynchronous import AsyncAssistant
from assistant.backends.protocol import Backend
from assistant.backends.scripted import ScriptedBackend
from assistant.opening import open_assistant
from assistant.serving.remarks import Remarking
from assistant.serving.tools import AROUND, LONGEST_SPAN, TOOLS, Outcome, Tools
from index.encoder import OnnxEmbedder
from index.sync_report import Progress, SyncReport

DEFICIT = "How big is the trade deficit with China?"
NAME = "002_3fb6c22dd49dd698.txt"


class Silent:
    """A listener that tells nobody."""

    def progress(self, progress: Progress) -> None: ...
    def synced(self, report: SyncReport) -> None: ...
    def warn(self, message: str) -> None: ...


async def unreported(number: int, done: str) -> None:
    """For a client that does not want to know."""


Calling = Callable[..., Outcome]


@pytest.fixture
def over(encoder: OnnxEmbedder, tmp_path: Path) -> Callable[..., Calling]:
    """Calls tools over a folder, `over(folder, backend)(("ask", {...}), ...)`; gives the last outcome."""

    def of(corpus: Path, backend: Backend | None = None, states: Path | None = None) -> Calling:
        def opener() -> Any:
            kept = states or tmp_path / "states"
            return open_assistant(corpus, kept, encoder, Remarking(Silent()), backend=backend)

        async def run(calls: tuple[tuple[str, dict[str, Any]], ...]) -> Outcome:
            async with aclosing(AsyncAssistant(opener)) as assistant:
                tools = Tools(corpus, assistant)
                outcomes = [await tools.call(name, arguments, unreported) for name, arguments in calls]
            return outcomes[-1]

        return lambda *calls: asyncio.run(run(calls))

    return of


@pytest.fixture
def call(over: Callable[..., Calling], seeds: Path, sample_states: Path) -> Calling:
    """Calls one tool over the sample articles."""
    calling = over(seeds, states=sample_states)
    return lambda name, **arguments: calling((name, arguments))


def test_an_answer_is_our_json_whose_quotes_stand_in_the_files(call: Calling, seeds: Path) -> None:
    outcome = call("ask", question=DEFICIT)
    assert not outcome.failed
    assert (outcome.json["schema"], outcome.json["status"]) == ("parley.answer/1", "answered")
    assert outcome.json["citations"]
    for cited in outcome.json["citations"]:
        text = (seeds / cited["article"]).read_text(encoding="utf-8-sig")
        assert text[cited["start"] : cited["end"]] == cited["quote"]


def test_the_text_of_an_answer_says_where_each_sentence_stands(call: Calling) -> None:
    outcome = call("ask", question=DEFICIT)
    first = outcome.json["citations"][0]
    assert f"{outcome.json['claims'][0]['text']} [1]" in outcome.text
    assert f"{first['article']}:{first['start']}-{first['end']}" in outcome.text


def test_not_found_is_a_result(call: Calling) -> None:
    outcome = call("ask", question="Who painted the ceiling of the chapel?")
    assert (outcome.failed, outcome.json["status"]) == (False, "not_found")
    assert outcome.text.startswith("Not in these articles.")


def test_passages_come_ranked_and_so_many_as_are_wanted(call: Calling) -> None:
    outcome = call("search", query="trade talks", count=3)
    assert (outcome.failed, outcome.json["schema"], len(outcome.json["passages"])) == (False, "parley.search/1", 3)
    assert outcome.text.startswith("1. ")


def test_nothing_found_is_a_result_of_a_search_too(call: Calling) -> None:
    outcome = call("search", query="trade talks", since="2035-01-01")
    assert (outcome.failed, outcome.json["passages"]) == (False, [])
    assert outcome.text.startswith("No passage.")


def test_articles_without_a_date_that_fall_out_of_a_range_are_told_to_the_client(call: Calling) -> None:
    outcome = call("search", query="trade talks", since="2019-01-01", until="2019-12-31")
    assert {passage["published"] for passage in outcome.json["passages"]} == {"2019-02-02"}
    assert "Note: 4 articles state no date" in outcome.text


def test_a_question_of_the_same_conversation_may_lean_on_the_last(
    over: Callable[..., Calling], seeds: Path, sample_states: Path
) -> None:
    backend = ScriptedBackend(["The trade deficit with China reached $375.2 billion last year."] * 2)
    calling = over(seeds, backend, sample_states)
    first = ("ask", {"question": DEFICIT, "conversation": "trade"})
    calling(first, ("ask", {"question": "And what about soybeans?", "conversation": "other"}))
    assert [request.history for request in backend.requests] == [(), ()]


def test_an_open_passage_stands_in_the_file_as_it_is_with_what_is_around_it(call: Calling, seeds: Path) -> None:
    text = (seeds / NAME).read_text(encoding="utf-8-sig")
    outcome = call("open_passage", article=NAME, start=2105, end=2320)
    found = outcome.json
    assert (found["schema"], found["text"], found["length"]) == ("parley.text/1", text[2105:2320], len(text))
    assert found["before"] == text[2105 - AROUND : 2105]
    assert found["after"] == text[2320 : 2320 + AROUND]
    assert text[2105:2320] in outcome.text


def test_an_article_opens_whole_as_far_as_fits(over: Callable[..., Calling], folder: Callable[..., Path]) -> None:
    corpus = folder({"long.txt": "word " * 10_000, "short.txt": "A word."})
    short = over(corpus)(("open_passage", {"article": "short.txt"})).json
    assert (short["text"], short["before"], short["after"]) == ("A word.", "", "")
    long = over(corpus)(("open_passage", {"article": "long.txt", "start": 10})).json
    assert (long["start"], long["end"], long["length"]) == (10, 10 + LONGEST_SPAN, 50_000)
    refused = over(corpus)(("open_passage", {"article": "long.txt", "end": 50_000}))
    assert refused.failed
    assert "open 20,000 at most" in refused.text


def test_text_to_read_is_harmless_and_json_is_verbatim(
    over: Callable[..., Calling], folder: Callable[..., Path]
) -> None:
    hostile = "The mayor said \x1b]52;c;aGk=\x07 \u202enothing."
    outcome = over(folder({"a.txt": hostile}))(("open_passage", {"article": "a.txt"}))
    assert outcome.json["text"] == hostile
    assert not {"\x1b", "\x07", "\u202e"} & set(outcome.text)


@pytest.mark.parametrize(
    "article", ["../secret.txt", "/etc/passwd", "link.txt", "inside/../a.txt", ".hidden.txt", "\0"]
)
def test_nothing_but_articles_of_the_folder_opens(
    over: Callable[..., Calling], folder: Callable[..., Path], tmp_path: Path, article: str
) -> None:
    corpus = folder({"a.txt": "An article.", "inside/b.txt": "Another.", ".hidden.txt": "hidden"})
    (tmp_path / "secret.txt").write_text("secret")
    (corpus / "link.txt").symlink_to(tmp_path / "secret.txt")
    outcome = over(corpus)(("open_passage", {"article": article}))
    assert outcome.failed
    assert (outcome.json["schema"], outcome.json["code"]) == ("parley.error/1", 2)
    assert "there is no article" in outcome.text
    assert "secret\n" not in outcome.text


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {}, "question: Field required"),
        ("ask", {"question": "  "}, "question: String should have at least 1 character"),
        ("ask", {"question": "x" * 5000}, "question: String should have at most 4000 characters"),
        ("ask", {"question": 3}, "question: Input should be a valid string"),
        ("ask", {"question": "x", "strict": True}, "strict: Extra inputs are not permitted"),
        ("ask", {"question": "x", "since": "tomorrow"}, "since: 'tomorrow' is not a day; write it as 2019-01-31"),
        ("ask", {"question": "x", "since": 20190131.5}, "since: 20190131.5 is not a day"),
        ("search", {"query": "x", "since": "2019-02-01", "until": "2019-01-01"}, "since 2019-02-01 is later than"),
        ("search", {"query": "x", "count": 0}, "count: Input should be greater than or equal to 1"),
        ("open_passage", {"article": NAME, "start": -1}, "start: Input should be greater than or equal to 0"),
        (
            "open_passage",
            {"article": NAME, "start": 9, "end": 3},
            f"{NAME} has no characters 9-3. Hint: it ends at",
        ),
    ],
)
def test_arguments_that_cannot_be_used_say_which_and_why(
    call: Calling, tool: str, arguments: dict[str, Any], told: str
) -> None:
    outcome = call(tool, **arguments)
    assert (outcome.failed, outcome.json["schema"], outcome.json["code"]) == (True, "parley.error/1", 2)
    assert outcome.text.startswith(told)
    assert outcome.json["hint"]


def test_a_folder_that_is_not_there_is_told_with_what_mends_it(
    over: Callable[..., Calling], tmp_path: Path
) -> None:
    for call in (("ask", {"question": "x"}), ("search", {"query": "x"}), ("open_passage", {"article": "x"})):
        outcome = over(tmp_path / "nowhere")(call)
        assert (outcome.failed, outcome.json["code"]) == (True, 5)
        assert "name a folder of .txt or .md files" in outcome.json["hint"]


def test_a_model_that_fails_is_told_with_the_way_to_go_on(
    over: Callable[..., Calling], seeds: Path, sample_states: Path
) -> None:
    outcome = over(seeds, ScriptedBackend([]), sample_states)(("ask", {"question": DEFICIT}))
    assert (outcome.failed, outcome.json["code"]) == (True, 6)
    assert "--backend extractive" in outcome.json["hint"]


def test_a_bug_is_told_without_its_traceback_which_goes_to_stderr(
    over: Callable[..., Calling], seeds: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("assistant.serving.tools.scan", broken)
    outcome = over(seeds)(("open_passage", {"article": NAME}))
    assert (outcome.failed, outcome.json["code"]) == (True, 1)
    assert outcome.json["error"] == "a bug: ZeroDivisionError: oh"
    assert "Traceback" not in outcome.text
    printed = capsys.readouterr()
    assert (printed.out, "Traceback" in printed.err) == ("", True)


def test_every_argument_is_described() -> None:
    for tool in TOOLS:
        schema = tool.arguments.schema_for_clients()
        assert schema["type"] == "object"
        assert schema["additionalProperties"] is False
        assert all(field["description"] for field in schema["properties"].values())
        assert "title" not in str(schema)


def test_whoever_waits_for_a_first_index_is_told_how_far_it_is(
    encoder: OnnxEmbedder, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.serving.remarks.EVERY_S", 0.0)
    told: list[tuple[int, str]] = []

    async def report(number: int, done: str) -> None:
        told.append((number, done))

    async def run() -> None:
        opener = lambda: open_assistant(seeds, tmp_path, encoder, Remarking(Silent()))  # noqa: E731
        async with aclosing(AsyncAssistant(opener)) as assistant:
            await Tools(seeds, assistant).call("search", {"query": "trade"}, report)

    asyncio.run(run())
    assert [number for number, _ in told] == list(range(1, len(told) + 1))
    assert any(done.startswith("encoding ") for _, done in told)
