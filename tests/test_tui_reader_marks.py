from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Citation, Source
from tui import reading
from tui.reading import (
    Found,
    Mark,
    Span,
    line_number,
    links_in,
    look_up,
    margin_of,
    occurrences,
    search_pattern,
    within,
)
from tui.widgets.reader_words import cited_quote, notice_of

SOURCE = Source("a.txt", "Title", "Bloomberg", date(2019, 2, 2))
TEXT = "One thing. Another thing. One thing."


def cited(start: int, end: int, quote: str) -> Citation:
    return Citation(1, SOURCE, start, end, quote)


def places(words: str, text: str) -> list[str]:
    return [
        text[span.start : span.end]
        for some in occurrences(search_pattern(words), text, len(words))
        for span in some
    ]


def links(text: str) -> list[str]:
    return [text[span.start : span.end] for some in links_in(text) for span in some]


def test_a_citation_that_stands_is_marked_where_it_was_cited() -> None:
    assert look_up(cited(26, 36, "One thing."), TEXT) == Found("stands", Mark(26, 36, 1))


def test_one_that_has_moved_is_marked_where_its_words_stand_now() -> None:
    found = look_up(cited(0, 14, "Another thing."), TEXT)
    assert found == Found("moved", Mark(11, 25, 1))
    assert "no longer stands here, at 0-14" in notice_of(cited(0, 14, "Another thing."), found)


def test_one_that_is_gone_is_marked_nowhere_and_its_words_are_told() -> None:
    found = look_up(cited(0, 10, "Two things."), TEXT)
    assert found == Found("changed", None)
    assert "“Two things.”" in notice_of(cited(0, 10, "Two things."), found)


def test_a_quote_is_copied_with_where_it_stands() -> None:
    citation = cited(0, 10, "One\nthing.")
    reference = "“One thing.” Bloomberg · 2019-02-02 · Title, a.txt:26-36"
    assert cited_quote(citation, Found("moved", Mark(26, 36, 1))) == reference
    assert cited_quote(citation, None).endswith("a.txt:0-10 (no longer there)")


def test_a_quote_is_copied_harmless() -> None:
    assert "\x1b" not in cited_quote(cited(0, 3, "a\x1b]52;c;x\x07"), None)


def test_words_are_found_great_or_small_and_with_curly_quotes_and_broken_lines() -> None:
    assert places("china's trade", "China’s\ntrade, CHINA'S TRADE") == ["China’s\ntrade", "CHINA'S TRADE"]
    assert places("a.b", "a.b axb") == ["a.b"]


@given(st.text("ab", max_size=60), st.text("ab", min_size=1, max_size=3), st.integers(1, 9))
def test_slices_find_what_the_whole_text_holds(text: str, words: str, length: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading, "SLICE", length)
        found = [span for some in occurrences(search_pattern(words), text, len(words)) for span in some]
    assert found == [Span(*match.span()) for match in search_pattern(words).finditer(text)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://example.com/a.", "https://example.com/a"),
        ("(http://example.com/a_(b))", "http://example.com/a_(b)"),
        ("“https://example.com”", "https://example.com"),
        ("HTTPS://EXAMPLE.COM/x?y=1#z, and", "HTTPS://EXAMPLE.COM/x?y=1#z"),
        ("https://example.com/\x1b]52", "https://example.com/"),
    ],
)
def test_links_end_where_the_sentence_goes_on(text: str, address: str) -> None:
    assert links(text) == [address]


def test_nothing_but_http_is_a_link() -> None:
    assert links("javascript:alert(1) file:///etc/passwd ftp://x mailto:a@b xhttps://no") == []


def test_spans_on_a_line_are_those_that_hold_a_character_of_it() -> None:
    spans = [Span(0, 5), Span(7, 9), Span(12, 20)]
    assert list(within(spans, 5, 13)) == [1, 2]
    assert list(within(spans, 20, 30)) == []


def test_the_margin_names_what_begins_on_the_line_and_bars_what_goes_on() -> None:
    here, later = Mark(10, 20, 1), Mark(21, 25, 2)
    assert margin_of([here, later], True, 8, 7) == "▌[1,2] "
    assert margin_of([here], False, 15, 7) == "│      "
    assert margin_of([Mark(10, 12, 10), Mark(13, 15, 11)], False, 8, 7) == "│[10…] "
    assert margin_of([], False, 0, 7) == "       "


def test_lines_of_the_file_count_from_one() -> None:
    assert [line_number("a\nb\nc", offset) for offset in (0, 2, 4)] == [1, 2, 3]
