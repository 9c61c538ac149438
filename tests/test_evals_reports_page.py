"""The page: what it shows of a run, that it needs nothing else, and that no text from outside gets out of hand."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sanitize import sanitize
from evals.attempts import Attempt, Cited
from evals.cases import Suite
from evals.reports.excerpts import BEGINNING, CONTEXT, LONGEST, around, beginning
from evals.reports.page import to_html
from evals.results import Scored
from scored_questions import DEFICIT_TIMES, TIMES
from scored_runs import many_cases, retrieval_only, sample_run, saying_everywhere

VOID = {"meta", "link", "input"}


class Outline(HTMLParser):
    """Elements of a page in their order: name, attributes, the text inside."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside: list[str] = []
        self.elements.append((tag, dict(attrs), inside))
        if tag not in VOID:
            self._open.append((tag, inside))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        name, _ = self._open.pop()
        assert name == tag

    def handle_data(self, data: str) -> None:
        for _, inside in self._open:
            inside.append(data)

    def texts(self, tag: str, of_class: str | None = None) -> list[str]:
        """The texts of all elements of this name, and of this class."""
        return [
            "".join(inside)
            for name, attributes, inside in self.elements
            if name == tag and (of_class is None or of_class == attributes.get("class"))
        ]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    return sample_run(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def page(run: Scored) -> str:
    return to_html(run)


@pytest.fixture(scope="module")
def case(page: str) -> Callable[[str], str]:
    """The text of a case on the page, its white space folded."""
    outline = Outline(page)
    bodies = [" ".join(text.split()) for text in outline.texts("details", "case")]
    return lambda name: next(text for text in bodies if text.split()[2] == name)


def test_the_page_is_well_formed_and_loads_nothing(page: str) -> None:
    for tag, attributes, _ in Outline(page).elements:
        assert tag not in {"img", "iframe", "object", "embed", "base"}
        assert not {"src", "srcset", "action", "data", "style"} & set(attributes)
        assert (attributes.get("href") or "#").startswith("#") or attributes["href"] == "data:,"
    assert not re.search(r"url\(|@import|https?://", page)


def test_its_policy_forbids_all_but_its_own_script_and_style(page: str) -> None:
    outline = Outline(page)
    (policy,) = (attributes["content"] for _, attributes, _ in outline.elements if "http-equiv" in attributes)
    (script,) = outline.texts("script")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert b64encode(sha256(script.encode()).digest()).decode() in policy


def test_no_element_handles_an_event_by_itself(page: str) -> None:
    assert not [
        name for _, attributes, _ in Outline(page).elements for name in attributes if name.startswith("on")
    ]


def test_the_headline_is_how_often_it_was_right_with_its_interval(run: Scored, page: str) -> None:
    outline = Outline(page)
    assert outline.texts("p", "big") == ["0.643"]
    assert "95 % interval [0.388, 0.837]" in outline.texts("p", "soft")
    assert outline.texts("title")[0] == f"{run.suite.name}: 0.643 right"


def test_every_measure_stands_in_the_table_with_how_its_interval_was_made(run: Scored, page: str) -> None:
    rows = [" ".join(row.split()) for row in Outline(page).texts("tr")]
    for metric in run.metrics:
        assert any(metric.title in row and metric.name in row and row.endswith("wilson") for row in rows)


def test_diagrams_are_told_in_words(page: str) -> None:
    outline = Outline(page)
    assert outline.texts("title")[1:] == [
        "Risk-coverage curve",
        "Reliability diagram",
        "Recall at k",
    ]
    risk, reliability, recall = outline.texts("desc")
    assert risk.endswith("at coverage 0.71 risk 0.30.")
    assert "confidence 0.55: 0.00 right of 1;" in reliability
    assert recall == "at 1: 0.36; at 3: 0.73; at 5: 0.73; at 10: 0.82."


def test_a_run_without_answers_says_why_there_are_no_diagrams(tmp_path: Path) -> None:
    outline = Outline(to_html(retrieval_only(tmp_path)))
    (left_out,) = outline.texts("p", "left-out soft")
    assert "No risk-coverage curve: no case was answered." in left_out
    assert "No reliability diagram: no answer states a confidence." in left_out
    assert outline.texts("title")[1:] == ["Recall at k"]
    assert outline.texts("p", "big-title title") == ["recall@5"]


def test_a_run_without_any_measure_is_still_a_page(run: Scored) -> None:
    bare = replace(run, metrics=(), by_tag={}, risk_coverage=(), reliability=(), effort=(), tokens={})
    assert len(Outline(to_html(bare)).texts("details", "case")) == 14


def test_an_answered_case_shows_what_was_expected_said_and_cited(case: Callable[[str], str]) -> None:
    told = case("deficit")
    assert told.startswith("✗ wrong deficit How large was the American deficit? conflict")
    assert "Expected $337 billion$375.2 billion Evidence 1 He views the massive" in told
    assert "Answered ✗ answered wrongly The trade deficit with China reached $375.2 billion last year. [1]" in told
    assert "In short: $375.2 billion Confidence 0.76" in told


def test_each_need_tells_whether_it_was_retrieved_and_cited(case: Callable[[str], str]) -> None:
    assert "✓ retrieved at rank 1 ✗ not cited Evidence 2" in case("deficit")
    assert "✓ retrieved at rank 6 ✗ not cited" in case("kudlow")
    assert "✗ not retrieved ✗ not cited" in case("truce")


def test_a_struck_claim_says_why(page: str) -> None:
    assert Outline(page).texts("s", "found-by") == ["It was built in 1959."]
    assert "struck: the article does not hold its quote" in page


def test_refusals_are_told_from_each_other(case: Callable[[str], str]) -> None:
    assert "No article holds it: to be refused. Refused ✓ rightly refused Confidence 0.12" in case("near-miss-age")
    assert "Refused ✗ refused, though the articles hold it Confidence 0.21" in case("truce")
    assert "Answered ✗ answered, though no article holds it" in case("near-miss-soy")


def test_a_failed_case_shows_its_error_made_visible(case: Callable[[str], str]) -> None:
    assert "! failed BackendError: the model at 127.0.0.1 did not answer within 5 s ␛[31m(3 attempts)" in case(
        "timeout"
    )


def test_the_cited_span_is_marked_in_its_article_and_so_is_gold_evidence(page: str) -> None:
    outline = Outline(page)
    assert DEFICIT_TIMES in outline.texts("mark", "cited gold")
    assert "tariffs of 25% on steel and 10% on aluminium" in outline.texts("mark", "cited gold")
    assert "How much the imbalance will be reduced remains to be seen." in outline.texts("mark", "cited")


def test_retrieved_passages_tell_place_score_and_what_they_meet(case: Callable[[str], str]) -> None:
    told = case("deficit")
    assert "Retrieved: 10 passages 000_5a1fd5bd54023a35.txt" in told
    assert re.search(r"\d+–\d+ · 0\.910 ✓ evidence 1 ", told)
    assert re.search(r"\d+–\d+ · 0\.840 ✓ evidence 2 ", told)


def test_scores_that_do_not_apply_say_why(case: Callable[[str], str]) -> None:
    assert "needs_met 0.000" in case("kudlow")
    assert "Not applicable: citation_precision, quotes_verbatim (nothing cited)" in case("near-miss-age")


def test_a_quote_that_its_file_does_not_hold_is_said_so_loudly(run: Scored) -> None:
    first = run.cases[0]
    moved = Cited(1, TIMES, 10, 50, "The moon is made of cheese.")
    beyond = Cited(2, TIMES, 90_000, 90_010, "Beyond")
    elsewhere = Cited(3, "../../../etc/passwd", 0, 4, "root")
    attempt = replace(first.attempt, citations=(moved, beyond, elsewhere))
    text = to_html(replace(run, cases=(replace(first, attempt=attempt), *run.cases[1:])))
    told = " ".join("".join(Outline(text).texts("body")).split())
    assert "✗ 1 case with a citation that its file does not bear out" in told
    assert (
        "the file holds other words there. The citation says: The moon is made of cheese. The file holds:" in told
    )
    assert "and none there. The citation says: Beyond" in told
    assert "its article cannot be read. The citation says: root" in told


def test_no_alarm_is_raised_where_every_quote_stands(page: str) -> None:
    assert 'class="alarm"' not in page


def test_an_article_that_can_no_longer_be_read_proves_nothing(tmp_path: Path) -> None:
    run = sample_run(tmp_path)
    kudlow = replace(run.cases[7], case=replace(run.cases[7].case, needs=()))
    damaged = replace(run, suite=Suite(tmp_path), cases=(kudlow,))
    (tmp_path / "corpus" / TIMES).write_bytes(b"\xff")
    text = to_html(damaged)
    assert "its article cannot be read. The citation says:" in text
    assert "(its article cannot be read)" in text


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_no_text_of_a_run_becomes_markup_or_stays_invisible(run: Scored, text: str) -> None:
    hostile = f"</script><script>alert(1)</script>'\"><b onclick=x>{{{{ 7*7 }}}}\u202e\x1b{text}"
    page = to_html(saying_everywhere(run, hostile))
    page.encode()
    outline = Outline(page)
    assert len(outline.texts("script")) == 1
    assert outline.texts("span", "question found-by") == [sanitize(hostile)] * 2
    assert sanitize(page) == page


@given(st.text("ab \n\u3000", max_size=3000), st.data())
def test_an_excerpt_is_the_text_around_a_span_whole_words_only(text: str, data: st.DataObject) -> None:
    text += "end"
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    gold = data.draw(st.lists(st.tuples(st.just(0), st.integers(1, len(text)))))
    pieces = around(text, (start, end), gold)
    shown = "".join(piece.text for piece in pieces).removeprefix("… ").removesuffix(" …")
    assert shown in text
    assert len(shown) <= min(end - start, LONGEST) + 2 * CONTEXT
    cited = "".join(piece.text for piece in pieces if "cited" in piece.mark)
    assert cited == text[start : min(end, start + LONGEST)]
    is_gold = "".join(piece.text for piece in pieces if "gold" in piece.mark)
    assert is_gold in text[: max((high for _, high in gold), default=0)]


def test_an_excerpt_says_where_it_was_cut() -> None:
    text = " ".join(f"word{number}" for number in range(200))
    pieces = around(text, (700, 707), [])
    assert [piece.mark for piece in pieces] == ["", "", "cited", "", ""]
    assert pieces[0].text == "… "
    assert pieces[-1].text == " …"
    assert re.fullmatch(r"word\d+ .*", pieces[1].text)
    assert re.fullmatch(r".* word\d+", pieces[3].text)


def test_a_passage_begins_with_whole_words_on_one_line() -> None:
    assert beginning("One\n\ntwo three.", (0, 15)) == "One two three."
    assert beginning("One\n\ntwo three.", (5, 8)) == "two"
    long = "word " * 100
    assert beginning(long, (0, 500)) == " ".join(["word"] * (BEGINNING // 5)) + " …"


def test_the_page_of_two_thousand_cases_stays_below_fifteen_megabytes(tmp_path: Path) -> None:
    assert 10 * len(to_html(many_cases(tmp_path, 200)).encode()) < 15_000_000


def test_an_answer_that_is_not_divided_into_claims_is_shown_as_it_stands(run: Scored) -> None:
    said = replace(run.cases[0], attempt=Attempt("led-talks", "Who?", "answered", 0.5, "Plain text."))
    assert "Plain text." in to_html(replace(run, cases=(said,)))
