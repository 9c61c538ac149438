"""`parley ask` from question to checked answer: text, JSON, dates, and questions that are none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

QUESTION = "What did Steven Mnuchin want the weekend's talks with China to result in?"
UNRELATED = "Which mushrooms grow under a birch tree in autumn?"

ANSWER_KEYS = [
    "schema", "question", "standalone", "status", "confidence", "text", "short", "shorts", "claims", "citations",
    "passages", "backend", "incomplete", "spent", "index", "timings_ms",
]  # fmt: skip
CITATION_KEYS = ["id", "article", "title", "outlet", "published", "start", "end", "quote", "of", "also_in"]


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
    assert (answer["backend"], answer["incomplete"]) == ("extractive", False)
    (cited,) = [item for item in answer["citations"] if item["id"] == answer["short"]["citation"]]
    assert cited["start"] <= answer["short"]["start"] < answer["short"]["end"] <= cited["end"]
    assert answer["shorts"][0] == answer["short"]
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
    assert len(answer["passages"]) == 10


def test_several_words_without_quotation_marks_are_one_question(parley: Callable[..., Any], sample: Path) -> None:
    assert json.loads(parley("ask", "Who", "is", "Lighthizer?", "--json").out)["question"] == "Who is Lighthizer?"


# How sure an answer must be.

NEAR = "How tall is Steven Mnuchin?"


def test_an_answer_is_kept_back_exactly_where_its_confidence_is_below_the_minimum(
    parley: Callable[..., Any], sample: Path
) -> None:
    confidence = json.loads(parley("ask", NEAR, "--json").out)["confidence"]
    assert 0.01 < confidence < 0.99
    given = json.loads(parley("ask", NEAR, "--json", "--min-confidence", str(confidence - 0.01)).out)
    kept_back = json.loads(parley("ask", NEAR, "--json", "--min-confidence", str(confidence + 0.01)).out)
    assert (given["status"], kept_back["status"]) == ("answered", "not_found")
    assert kept_back["confidence"] == given["confidence"] == confidence
    assert kept_back["claims"] == []


def test_with_a_minimum_of_0_whatever_is_found_is_answered_and_with_1_nothing(
    parley: Callable[..., Any], sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert parley("ask", UNRELATED, "--min-confidence", "0").code == 0
    assert parley("ask", QUESTION, "--min-confidence", "1").code == 3
    monkeypatch.setenv("PARLEY_MIN_CONFIDENCE", "0")
    assert parley("ask", UNRELATED).code == 0


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
