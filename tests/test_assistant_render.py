"""What people read: emphasised words, sources named, confidence in words, progress told."""

import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from assistant.answer import Answer, Citation, Claim, IndexStatus, ShortAnswer, Source
from assistant.commands.narration import Narrator, sync_summary
from assistant.phrasing import in_words, name_place, name_source
from assistant.render import Page, matched_spans
from index.lexical import Stemmer
from index.sync import Progress, SyncReport


def emphasised(question: str, text: str) -> list[str]:
    return [text[start:end] for start, end in matched_spans(Stemmer(), question, text)]


def test_words_of_one_stem_with_the_question_are_emphasised() -> None:
    text = "He negotiated; the negotiators' tariffs, a TARIFF, a tar."
    assert emphasised("Which tariffs were negotiated?", text) == ["negotiated", "negotiators", "tariffs", "TARIFF"]


def test_words_that_tell_nothing_are_not_emphasised() -> None:
    assert emphasised("What did the minister say?", "The minister did what he did.") == ["minister"]


def test_accents_do_not_keep_words_apart() -> None:
    assert emphasised("Who is Muller?", "Jörg Müller spoke.") == ["Müller"]


@pytest.mark.parametrize(("question", "text"), [("?!", "A text."), ("tariffs", ""), ("tariffs", "— …")])
def test_where_nothing_can_match_nothing_is_emphasised(question: str, text: str) -> None:
    assert emphasised(question, text) == []


def test_a_source_is_named_as_far_as_it_is_known() -> None:
    assert name_source(Source("a.txt", "Talks end", "AFP", date(2019, 2, 2))) == "AFP · 2019-02-02 · Talks end"
    assert name_source(Source("a.txt", None, None, None)) == "outlet unknown · undated"


def test_what_a_source_states_of_itself_stays_harmless_and_on_one_line() -> None:
    source = Source("a\x1b[2J\n.txt", "Talks\n\x1b[2J", "AFP\u202e", None)
    assert name_source(source) == "AFP\ufffd · undated · Talks ␛[2J"
    assert name_place(source, 3, 9) == "a␛[2J .txt:3-9"


def test_confidence_in_words_rises_with_the_number() -> None:
    said = [in_words(number / 100) for number in range(101)]
    assert list(dict.fromkeys(said)) == ["unsure", "likely", "certain"]


def answer_of(*claims: Claim) -> Answer:
    source = Source("a.txt", None, None, None)
    citation = Citation(1, source, 0, 9, "It burned.")
    index = IndexStatus(1, 1, "2020-01-01T00:00:00+00:00", stale=False)
    shorts = (ShortAnswer("burned", 1, 3, 9),)
    return Answer("What?", "answered", 0.9, "", claims, (citation,), (), index, "extractive", shorts)


def test_claims_that_hold_are_shown_each_with_its_markers_and_the_struck_one_apart_with_its_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    held = Claim("It [b]burned[/b].", (1, 2), "verbatim")
    Page().answer(answer_of(held, Claim("It was sold.", (), "unsupported", "no")))
    out = capsys.readouterr().out
    assert "\nIt [b]burned[/b]. [1][2]\n" in out
    assert "\nStruck, for no cited sentence proves it:\n- It was sold.  (no)\n" in out
    assert out.count("sold") == 1
    assert out.index("Struck") > out.index("[1] outlet unknown")


def test_a_claim_in_other_words_has_what_proves_it_quoted_at_its_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Page().answer(answer_of(Claim("Fire took it.", (1,), "supported")))
    assert "[1] outlet unknown · undated  a.txt:0-9\n    “It burned.”\n" in capsys.readouterr().out
    Page().answer(answer_of(Claim("It burned.", (1,), "verbatim")))
    assert "“" not in capsys.readouterr().out


def test_not_found_without_any_passage_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    index = IndexStatus(0, 0, "", stale=False)
    Page().answer(Answer("What?", "not_found", 0.0, "", (), (), (), index, "extractive"))
    assert capsys.readouterr().out == "Not in these articles.\n"


def test_a_short_answer_names_its_span_in_json() -> None:
    said = answer_of().to_json()
    assert said["short"] == {"text": "burned", "citation": 1, "start": 3, "end": 9}
    assert said["shorts"] == [said["short"]]


def test_a_sync_is_summed_up_in_a_line() -> None:
    report = SyncReport(added=1, changed=2, moved=3, deleted=4, encoded=5, reused=6, articles=7, passages=8)
    assert sync_summary(report) == (
        "indexed 7 articles, 8 passages (1 added, 2 changed, 3 moved, 4 deleted; 5 encoded, 6 reused)"
    )


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Narrator]:
    """Makes a narrator that takes stderr for a terminal of this kind, with a clock that leaps."""

    def make(terminal: str) -> Narrator:
        clock: Any = iter(range(0, 1000, 2))
        monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        monkeypatch.setenv("TERM", terminal)
        return Narrator(quiet=False)

    return make


def test_on_a_terminal_progress_is_one_line_that_is_cleared_at_the_end(
    live: Callable[[str], Narrator], capsys: pytest.CaptureFixture[str]
) -> None:
    narrator = live("xterm")
    for done in (0, 10):
        narrator.progress(Progress("encoding", done, 20))
    narrator.progress(Progress("saving", 0, 2))
    narrator.synced(SyncReport(added=1, articles=1, passages=20))
    err = capsys.readouterr().err
    assert "encoding 10/20 passages · 5/s" in err
    assert "saving" in err
    assert err.endswith("indexed 1 article, 20 passages (1 added)\n")


def test_a_dumb_terminal_gets_plain_lines(
    live: Callable[[str], Narrator], capsys: pytest.CaptureFixture[str]
) -> None:
    narrator = live("dumb")
    for done in (0, 200, 400, 600):
        narrator.progress(Progress("encoding", done, 800))
    assert capsys.readouterr().err.splitlines() == [
        "parley: encoding 0/800 passages",
        "parley: encoding 600/800 passages · 100/s",
    ]


def test_the_same_remark_is_not_made_twice(capsys: pytest.CaptureFixture[str]) -> None:
    narrator = Narrator(quiet=False)
    for _ in range(2):
        narrator.remarks(SyncReport(warnings=["a.txt is empty; skipped"], others={".pdf": 2}))
    assert capsys.readouterr().err.splitlines() == [
        "parley: a.txt is empty; skipped",
        "parley: passed over files that are no .txt or .md: 2 .pdf",
    ]
