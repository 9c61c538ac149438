"""Where a span ends up when it cut a word, or took punctuation along."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.word_edges import whole_words

LETTERS = st.text(st.sampled_from("ab1é 中カ.,:;%$£€()[]\"'“”’«»\n\u200d\u0301\ud83d\x1b-"), max_size=40)


def widen(marked: str) -> str | None:
    """The span that becomes of the one between the two bars."""
    before, span, after = marked.split("|")
    edges = whole_words(before + span + after, len(before), len(before + span))
    return (before + span + after)[slice(*edges)] if edges else None


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("It fell by $|375|bn in May", "$375bn"),
        ("It fell by $375|bn| in May", "$375bn"),
        ("up |375|.2 points", "375.2"),
        ("cost 10,|000| yen", "10,000"),
        ("at 10:|30| sharp", "10:30"),
        ("up |8|% since", "8%"),
        ("paid |5|€ then", "5€"),
        ("fell to -|5| degrees", "-5"),
        ("fell to \u2212|5| degrees", "\u22125"),
        ("-|5| degrees", "-5"),
        ("an F-|16| landed", "16"),
        ("of 1914-|18| only", "18"),
        ("Mr. |Mnuchi|n said", "Mnuchin"),
        ("the a|utho|rities", "authorities"),
        ("caf|e|\u0301 au lait", "cafe\u0301"),
    ],
)
def test_no_word_and_no_number_is_cut(marked: str, expected: str) -> None:
    assert widen(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("said| on Friday, |when", "on Friday"),
        ("by |Lee (of Reuters)| today", "Lee (of Reuters)"),
        ("by |Lee (|of Reuters)", "Lee"),
        ("(seen by |Reuters)| today", "Reuters"),
        ("called |“a deal| at last”", "a deal"),
        ("called |“a deal”| at last", "“a deal”"),
        ('called |"a deal| at last"', "a deal"),
        ('called |"a deal"| at last', '"a deal"'),
        ("|Trump|'s plan", "Trump"),
        ("in the |U.S.| today", "U.S."),
        ("fell to| -5|.", "-5"),
    ],
)
def test_only_what_belongs_to_the_words_stays_at_the_ends(marked: str, expected: str) -> None:
    assert widen(marked) == expected


@pytest.mark.parametrize("marked", ["in |中国|将增加", "|東京|タワー", "タ|ワ|ー"])
def test_scripts_without_spaces_are_left_as_they_were_cut(marked: str) -> None:
    assert widen(marked) == marked.split("|")[1]


@pytest.mark.parametrize("marked", ["a| |b", "||", "a||b", "|...|", "a |(, \n)| b"])
def test_a_span_without_letters_and_digits_is_none(marked: str) -> None:
    assert widen(marked) is None


@given(LETTERS, st.data())
def test_whatever_the_text_the_span_lies_in_it_and_cuts_no_run_of_letters_or_digits(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    edges = whole_words(text, start, end)
    if edges is None:
        return
    first, last = edges
    assert 0 <= first < last <= len(text)
    for at in edges:
        around = text[max(at - 1, 0) : at + 1]
        assert len(around) < 2 or at in (0, len(text)) or not all(char in "ab1é" for char in around)
    assert text[first:last] == text[first:last].strip()


@given(LETTERS, st.data())
def test_what_was_widened_once_is_widened_no_further(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    edges = whole_words(text, start, data.draw(st.integers(start, len(text))))
    if edges:
        again = whole_words(text, *edges)
        assert again
        assert edges[0] <= again[0] < again[1] <= edges[1] or again == edges
