"""`parley ask` from question to checked answer: text, JSON, dates, many questions, and questions that are none."""

import itertools
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Sentence
from assistant.answering.drafting import Draft, DraftClaim, Quoted
from assistant.assistant import Answered, Assistant, Retrieved
from assistant.errors import ConfigurationError
from assistant.retrieval import Retrieval
from index.encoder import OnnxEmbedder
from index.keeping import KeptIndex
from index.state import StateFolder
from index.sync import Progress, SyncReport
from index.view import DateRange

QUESTION = "What did Steven Mnuchin want the weekend's talks with China to result in?"
UNRELATED = "Which mushrooms grow under a birch tree in autumn?"

ANSWER_KEYS = [
    "schema", "question", "status", "confidence", "text", "short", "claims", "citations", "passages",
    "backend", "incomplete", "index", "timings_ms",
]  # fmt: skip
CITATION_KEYS = ["id", "article", "title", "outlet", "published", "start", "end", "quote", "of"]


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

    def draft(self, retrieval: Retrieval) -> Draft:
        return self._draft(retrieval)


def read_back(corpus: Path, citation: dict[str, Any]) -> str:
    """What anybody reads at the offsets of a citation."""
    text = (corpus / str(citation["article"])).read_text(encoding="utf-8-sig")
    start, end = int(citation["start"]), int(citation["end"])
    return text[start:end]


# The answer over the sample articles.


def test_an_answer_names_the_article_that_holds_it(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("ask", QUESTION)
    assert ran.code == 0
    assert "structural changes to China's economy" in ran.out
    assert "002_3fb6c22dd49dd698.txt:2105-2320" in ran.out
    assert "China Trade Talks End in an Impasse" in ran.out


def test_the_json_of_an_answer_has_the_keys_and_types_of_the_contract(
    parley: Callable[..., Any], sample: Path
) -> None:
    ran = parley("ask", QUESTION, "--json")
    assert ran.out.count("\n") == 1
    answer = json.loads(ran.out)
    assert list(answer) == ANSWER_KEYS
    assert (answer["schema"], answer["question"], answer["status"]) == ("parley.answer/1", QUESTION, "answered")
    assert (answer["short"], answer["backend"], answer["incomplete"]) == (None, "extractive", False)
    assert 0 <= answer["confidence"] <= 1
    for number, citation in enumerate(answer["citations"], 1):
        assert list(citation) == CITATION_KEYS
        assert (citation["id"], citation["of"]) == (number, "file")
    for claim in answer["claims"]:
        assert list(claim) == ["text", "citations", "support", "reason"]
        assert claim["support"] == "verbatim"
    for passage in answer["passages"]:
        assert {"article", "start", "end", "score", "text"} <= set(passage)
    assert list(answer["index"]) == ["articles", "passages", "updated", "stale"]
    assert (answer["index"]["articles"], answer["index"]["stale"]) == (5, False)
    assert set(answer["timings_ms"]) == {"sync", "retrieve", "answer", "verify", "total"}


def test_every_citation_and_passage_reads_back_from_its_file(parley: Callable[..., Any], sample: Path) -> None:
    answer = json.loads(parley("ask", QUESTION, "--json").out)
    assert answer["citations"]
    for citation in answer["citations"]:
        assert read_back(sample, citation) == citation["quote"]
    for passage in answer["passages"]:
        assert read_back(sample, passage) == passage["text"]


def test_the_text_of_an_answer_is_its_claims_with_markers(parley: Callable[..., Any], sample: Path) -> None:
    answer = json.loads(parley("ask", QUESTION, "--json").out)
    quotes = {citation["id"]: citation["quote"] for citation in answer["citations"]}
    said = [f"{claim['text']} [{claim['citations'][0]}]" for claim in answer["claims"]]
    assert answer["text"] == " ".join(said)
    assert [quotes[claim["citations"][0]] for claim in answer["claims"]] == [c["text"] for c in answer["claims"]]


def test_offsets_hold_in_files_with_a_byte_order_mark_and_windows_line_ends(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    text = "Ａ line with 習近平 — “here”.\r\n\r\nThe lighthouse of Sumburgh was lit in 1821.\rIt is high.\r\n"
    corpus = folder({"dos.txt": b"\xef\xbb\xbf" + text.encode(), "unix.md": text.replace("\r\n", "\n")})
    answer = json.loads(parley("ask", "When was the lighthouse of Sumburgh lit?", "--json").out)
    assert answer["status"] == "answered"
    assert answer["citations"][0]["quote"] == "The lighthouse of Sumburgh was lit in 1821."
    for citation in answer["citations"]:
        assert read_back(corpus, citation) == citation["quote"]


def test_a_question_the_articles_do_not_answer_ends_with_3_and_shows_what_comes_closest(
    parley: Callable[..., Any], sample: Path
) -> None:
    ran = parley("ask", UNRELATED)
    assert ran.code == 3
    assert ran.out.startswith("Not in these articles.\n\nClosest passages (confidence 0.")
    assert "\n1. " in ran.out


def test_the_json_of_not_found_has_no_text_no_claims_and_the_closest_passages(
    parley: Callable[..., Any], sample: Path
) -> None:
    ran = parley("ask", UNRELATED, "--json")
    answer = json.loads(ran.out)
    assert (ran.code, answer["status"]) == (3, "not_found")
    assert (answer["text"], answer["short"], answer["claims"], answer["citations"]) == ("", None, [], [])
    assert len(answer["passages"]) == 6


def test_several_words_without_quotation_marks_are_one_question(parley: Callable[..., Any], sample: Path) -> None:
    assert json.loads(parley("ask", "Who", "is", "Lighthizer?", "--json").out)["question"] == "Who is Lighthizer?"


# Questions that are hard to take.


@pytest.mark.parametrize("question", ["", "   ", "\n\t "])
def test_an_empty_question_ends_with_2(parley: Callable[..., Any], sample: Path, question: str) -> None:
    ran = parley("ask", question)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == 'parley: the question is empty. Ask one: parley ask "Who led the talks?"\n'


def test_an_empty_question_with_json_is_an_error_in_json(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("ask", "", "--json")
    error = json.loads(ran.out)
    assert (ran.code, error["code"], error["schema"]) == (2, 2, "parley.error/1")
    assert list(error) == ["schema", "code", "error", "hint"]


@pytest.mark.parametrize(
    "question",
    [
        "?!... --- ***",
        "x" * 50_000,
        "tariff " * 7_000,
        "美国和中国的贸易谈判结果如何？",
        "ماذا قال منوشين عن الصين؟",
        'NEAR(a b) AND* "',
        "\udcff\udcfe",
    ],
    ids=["punctuation", "one long word", "50,000 characters", "Chinese", "Arabic", "query syntax", "no UTF-8"],
)
def test_odd_questions_get_a_plain_answer(parley: Callable[..., Any], sample: Path, question: str) -> None:
    ran = parley("ask", question, "--json")
    assert ran.code in {0, 3}
    assert json.loads(ran.out)["question"] == question.strip()


# Many questions.


def test_each_line_of_standard_input_gets_one_line_of_json(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("ask", "-", "--json", stdin=f"{QUESTION}\n\n{UNRELATED}".encode())
    first, blank, last = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert (first["status"], first["question"]) == ("answered", QUESTION)
    assert (blank["schema"], blank["code"]) == ("parley.error/1", 2)
    assert (last["status"], last["question"]) == ("not_found", UNRELATED)


def test_in_text_each_answer_stands_under_its_question(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("ask", "-", stdin=f"{QUESTION}\n \n{UNRELATED}\n".encode())
    assert ran.out.startswith(f"\n> {QUESTION}\n\n")
    assert f"\n> {UNRELATED}\n\nNot in these articles." in ran.out
    assert "parley: '': the question is empty\n" in ran.err


def test_standard_input_that_is_no_utf_8_or_begins_with_a_mark_is_still_answered(
    parley: Callable[..., Any], sample: Path
) -> None:
    ran = parley("ask", "-", "--json", stdin=b"\xef\xbb\xbfWho is Liu He?\r\n\xff\xfe tariffs\n")
    marked, broken = [json.loads(line)["question"] for line in ran.out.splitlines()]
    assert (ran.code, marked, broken) == (0, "Who is Liu He?", "\ufffd\ufffd tariffs")


def test_no_questions_on_standard_input_is_no_failure(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("ask", "-", "--json", stdin=b"")
    assert (ran.code, ran.out) == (0, "")


def test_without_a_corpus_each_question_gets_an_error_line_and_the_run_fails(
    parley: Callable[..., Any], sample: Path, tmp_path: Path
) -> None:
    ran = parley("ask", "-", "--json", "--corpus", str(tmp_path / "gone"), stdin=b"a\nb\n")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [(line["code"], line["question"]) for line in lines] == [(5, "a"), (5, "b")]
    assert ran.code == 5


def test_a_corpus_that_is_away_for_a_moment_costs_one_question_only(
    folder: Callable[..., Path], python: str, tmp_path: Path
) -> None:
    corpus = folder({"a.txt": "The mill of Arden burned down in March.\n"})
    command = [python, "-m", "assistant.cli", "ask", "-", "--json"]
    codes = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for there in (True, False, True):
            if not there:
                corpus.rename(tmp_path / "away")
            elif not corpus.exists():
                (tmp_path / "away").rename(corpus)
            process.stdin.write(b"What burned down?\n")
            process.stdin.flush()
            codes.append(json.loads(process.stdout.readline()).get("code", 0))
        process.stdin.close()
    assert codes == [0, 5, 0]
    assert process.returncode == 0


def test_answers_stream_the_first_before_the_second_question_is_asked(sample: Path, python: str) -> None:
    command = [python, "-m", "assistant.cli", "ask", "-", "--json"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for question in (QUESTION, UNRELATED):
            process.stdin.write(f"{question}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.stdin.close()
        assert process.wait(60) == 0


# Dates.


@pytest.fixture
def dated(folder: Callable[..., Path]) -> Path:
    body = "The ferry to Unst was repaired in the harbour of Yell."
    return folder(
        {
            "may.txt": f"Title: May\nDate: 2020-05-10\n\n{body}\n",
            "june.txt": f"Title: June\nDate: 2020-06-10\n\n{body}\n",
            "never.txt": f"{body}\n",
        }
    )


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        (["--since", "2020-05-10", "--until", "2020-05-10"], {"may.txt"}),
        (["--since", "2020-05-11"], {"june.txt"}),
        (["--until", "2020-06-09"], {"may.txt"}),
        (["--since", "2020-05-10", "--until", "2020-06-10"], {"may.txt", "june.txt"}),
        (["--since", "2021-01-01"], set()),
        ([], {"may.txt", "june.txt", "never.txt"}),
    ],
)
def test_both_days_of_a_range_are_inside_and_undated_articles_outside(
    parley: Callable[..., Any], dated: Path, flags: list[str], found: set[str]
) -> None:
    ran = parley("ask", "Where was the ferry to Unst repaired?", "--json", *flags)
    assert {passage["article"] for passage in json.loads(ran.out)["passages"]} == found
    assert ran.code == (0 if found else 3)
    assert ("1 article states no date and so fell outside of --since and --until" in ran.err) == bool(flags)


def test_the_number_of_undated_articles_is_told_once_for_many_questions(
    parley: Callable[..., Any], dated: Path
) -> None:
    ran = parley("ask", "-", "--json", "--since", "2020-05-01", stdin=b"ferry?\nharbour?\n")
    assert ran.err.count("states no date") == 1
    assert "states no date" not in parley("search", "ferry", "--since", "2020-05-01", "--quiet").err


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--since", "tomorrow"], "--since 'tomorrow' is not a day. Write it as 2019-01-31"),
        (["--until", "2020-02-30"], "--until '2020-02-30' is not a day. Write it as 2019-01-31"),
        (
            ["--since", "2020-02-02", "--until", "2020-02-01"],
            "--since 2020-02-02 is later than --until 2020-02-01",
        ),
    ],
)
def test_dates_that_make_no_range_end_with_2(
    parley: Callable[..., Any], sample: Path, flags: list[str], message: str
) -> None:
    ran = parley("ask", "x", *flags)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


# The stream behind every front end.


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
        opened.append(Assistant(kept, Scripted(draft), listener))
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
    assert answer.text == "It was rebuilt in June. [1]"
    assert listener.warnings == ["struck from the answer: it is not what the cited sentence says"]


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
    assert listener.warnings[-1] == "struck from the answer: a.txt no longer holds the quoted sentence"


def test_a_file_that_changed_under_the_question_is_asked_again(assistant_saying: Callable[..., Any]) -> None:
    def draft(retrieval: Retrieval) -> Draft:
        corpus.joinpath("a.txt").write_text("The new mill burned down, too.\n")
        return every_sentence(retrieval)

    assistant, listener, corpus = assistant_saying(draft)
    answer = assistant.ask("What burned down?")
    assert [citation.quote for citation in answer.citations] == ["The new mill burned down, too."]
    assert not [warning for warning in listener.warnings if "struck" in warning]


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
