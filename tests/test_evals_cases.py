import json
from pathlib import Path

import pytest

from assistant.commands.narration import Narrator
from evals.cases import Quote, Suite, covers
from index.encoder import OnnxEmbedder
from index.keeping import KeptIndex
from index.state import StateFolder

HARBOUR = "Tide Line\n\nThe harbour\n  opened in 1911. It closed in 1954.\n\nThe harbour opened in 1911.\n"


def write_suite(folder: Path, articles: dict[str, str], *questions: dict[str, object]) -> Suite:
    for name, text in articles.items():
        path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    lines = [json.dumps(question, ensure_ascii=False) for question in questions]
    (folder / "questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Suite(folder)


def case(*evidence: dict[str, object], **fields: object) -> dict[str, object]:
    return {
        "id": "q1",
        "question": "When?",
        "answers": ["1911"],
        "answerable": True,
        "evidence": evidence,
        **fields,
    }


def test_a_quote_is_found_in_every_place_whatever_white_space_its_text_has(tmp_path: Path) -> None:
    suite = write_suite(tmp_path, {"port.txt": HARBOUR})
    article, spans = suite.spans(Quote("port", "The harbour opened\nin 1911."))
    assert article == "port.txt"
    assert [HARBOUR[start:end] for start, end in spans] == [
        "The harbour\n  opened in 1911.",
        "The harbour opened in 1911.",
    ]


def test_signs_of_a_pattern_in_a_quote_stand_for_themselves(tmp_path: Path) -> None:
    suite = write_suite(tmp_path, {"port.txt": "It cost $3.50 (or 3x50)."})
    assert suite.spans(Quote("port", "$3.50 (or"))[1] == [(8, 17)]
    assert suite.spans(Quote("port", "3.50)"))[1] == []


def test_a_blank_quote_stands_nowhere(tmp_path: Path) -> None:
    suite = write_suite(tmp_path, {"port.txt": HARBOUR})
    assert suite.spans(Quote("port", " "))[1] == []


def test_offsets_count_characters_after_the_byte_order_mark_and_universal_newlines(tmp_path: Path) -> None:
    suite = write_suite(tmp_path, {"port.txt": ""})
    (suite.corpus / "port.txt").write_bytes("\ufeffÀ la une\r\nOui.".encode())
    assert suite.spans(Quote("port", "Oui."))[1] == [(9, 13)]


@pytest.mark.parametrize(
    ("shown", "held"),
    [
        ((0, 10), False),  # beside it
        ((0, 14), False),  # 4 of 10 characters
        ((0, 15), True),  # just half
        ((15, 99), True),
        ((16, 99), False),
        ((12, 17), True),  # inside
        ((0, 99), True),
    ],
)
def test_a_shown_span_hits_from_half_of_a_quote_on(shown: tuple[int, int], held: bool) -> None:
    assert covers(shown, (10, 20)) is held


def test_half_of_an_odd_number_of_characters_is_rounded_up() -> None:
    assert not covers((0, 2), (0, 5))
    assert covers((0, 3), (0, 5))


def test_two_spans_do_not_add_up_to_a_hit(tmp_path: Path) -> None:
    suite = write_suite(tmp_path, {"port.txt": "abcdefghij"}, case({"doc": "port", "quote": "abcdefghij"}))
    assert suite.needs_met(suite.cases[0], [("port.txt", 0, 4), ("port.txt", 4, 8)]) == [False]


def test_evidence_of_one_need_is_alternative_and_evidence_without_one_is_a_need_of_its_own(tmp_path: Path) -> None:
    suite = write_suite(
        tmp_path,
        {"port.txt": "Opened in 1911. Closed in 1954.", "town.txt": "The port is of 1911."},
        case(
            {"doc": "port", "quote": "Opened in 1911.", "need": "opening"},
            {"doc": "port", "quote": "Closed in 1954."},
            {"doc": "town", "quote": "The port is of 1911.", "need": "opening"},
            {"doc": "town", "quote": "The port", "need": None},
            {"doc": "town", "quote": "of 1911.", "need": None},
        ),
    )
    (asked,) = suite.cases
    assert [len(need) for need in asked.needs] == [2, 1, 1, 1]
    assert suite.needs_met(asked, [("town.txt", 0, 20)]) == [True, False, True, True]
    assert suite.needs_met(asked, [("port.txt", 0, 15)]) == [True, False, False, False]
    assert suite.needs_met(asked, [("port.txt", 0, 31), ("town.txt", 0, 8)]) == [True, True, True, False]
    assert suite.needs_met(asked, []) == [False] * 4


def test_a_span_of_another_article_is_no_hit(tmp_path: Path) -> None:
    texts = {"port.txt": "Opened in 1911.", "copy.txt": "Opened in 1911."}
    suite = write_suite(tmp_path, texts, case({"doc": "port", "quote": "Opened in 1911."}))
    assert suite.needs_met(suite.cases[0], [("copy.txt", 0, 15)]) == [False]


def test_a_document_goes_by_its_name_and_by_its_path_where_two_share_the_name(tmp_path: Path) -> None:
    suite = write_suite(
        tmp_path, {"a/port.txt": "One.", "b/port.md": "Two.", "c/town.TXT": "Three.", "d/chart.png": "No."}
    )
    assert suite.files == {
        "a/port": "a/port.txt",
        "a/port.txt": "a/port.txt",
        "b/port": "b/port.md",
        "b/port.md": "b/port.md",
        "town": "c/town.TXT",
        "c/town": "c/town.TXT",
        "c/town.TXT": "c/town.TXT",
    }
    with pytest.raises(KeyError):
        suite.spans(Quote("port", "One."))


def test_a_question_without_evidence_has_no_needs(tmp_path: Path) -> None:
    unanswerable = {"id": 7, "question": "Who?", "answers": [], "answerable": False, "evidence": None}
    suite = write_suite(tmp_path, {"port.txt": "Text."}, unanswerable, case())
    assert [(each.id, each.answerable, each.needs) for each in suite.cases] == [("7", False, ()), ("q1", True, ())]
    assert suite.cases[1].answers == ("1911",)


def test_a_line_separator_inside_a_question_ends_no_line(tmp_path: Path) -> None:
    suite = write_suite(tmp_path, {"port.txt": "Text."}, case(question="One\u2028two\x85three?"), case(id="q2"))
    assert [each.question for each in suite.cases] == ["One\u2028two\x85three?", "When?"]


def test_metadata_beside_the_corpus_names_articles_and_is_none(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", {"port.txt": "The harbour opened in 1911."})
    stated = {"doc": "port", "title": "Old ports", "date": "2019-02-02", "source": "Gazette"}
    (suite.folder / "metadata.jsonl").write_text(json.dumps(stated) + "\n", encoding="utf-8")
    state = StateFolder.of(suite.corpus, tmp_path / "state")
    kept = KeptIndex(suite.corpus, state, OnnxEmbedder(), Narrator(quiet=True))
    try:
        kept.refresh()
        (article,) = kept.reader.catalog.articles()
    finally:
        kept.close()
    assert set(suite.files.values()) == {"port.txt"}
    assert (article.path, article.title, article.outlet, str(article.published)) == (
        "port.txt",
        "Old ports",
        "Gazette",
        "2019-02-02",
    )


def test_the_gold_follow_ups_are_a_suite_of_their_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    suite = Suite.at(Path("followups"))
    assert (suite.name, suite.word) == ("followups", "followups")
    assert suite.corpus == Suite.gold().corpus
    assert all(case.history for case in suite.cases)
    assert (Suite.gold().name, Suite.gold().word) == ("gold", None)


def test_a_folder_of_that_name_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("followups").mkdir()
    suite = Suite.at(Path("followups"))
    assert suite.corpus == Path("followups", "corpus")
    assert suite.word == "followups"
