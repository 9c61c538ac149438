"""A citation holds exactly when its quote reads back from the file; everything else is struck, with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Citation, Claim, Evidence, Sentence, ShortAnswer, Source
from assistant.answering.drafting import Draft, DraftClaim, DraftShort, Quoted
from assistant.answering.verification import ReadArticle, Verified, quote_holds, verify

TEXT = "The talks ended. Mr. Liu led them. The talks ended."


def quoted(start: int, end: int, text: str = TEXT, article: str = "a.txt") -> Quoted:
    """The sentence at these offsets, as it stood in the text when the article was indexed."""
    sentence = Sentence(start, end, prose=True)
    source = Source(article, None, None, None)
    return Quoted(Evidence(source, 0, len(text), text, (sentence,), 0.5, 0.5, 0.5), sentence)


def claim(*sentences: Quoted, text: str | None = None) -> DraftClaim:
    return DraftClaim(sentences[0].text if text is None else text, sentences)


def check(drafted: list[DraftClaim], read_article: ReadArticle) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    verified = verify(Draft(tuple(drafted), 0.9), read_article)
    return verified.claims, verified.citations


def test_a_quote_that_stands_where_it_is_said_to_is_cited_with_exact_offsets() -> None:
    (held,), (citation,) = check([claim(quoted(17, 34))], lambda article: TEXT)
    assert (held.support, held.citations, held.reason) == ("verbatim", (1,), None)
    assert (citation.start, citation.end) == (17, 34)
    assert citation.quote == TEXT[17:34] == "Mr. Liu led them."


def test_a_quote_that_moved_is_cited_where_it_stands_now() -> None:
    moved = "A line was added.\n" + TEXT
    (held,), (citation,) = check([claim(quoted(17, 34))], lambda article: moved)
    assert held.support == "verbatim"
    assert (citation.start, citation.end) == (35, 52)
    assert moved[citation.start : citation.end] == citation.quote == "Mr. Liu led them."


def test_of_several_places_a_moved_quote_is_cited_at_the_nearest() -> None:
    twice = f"{TEXT[17:34]} {'x' * 60} {TEXT[17:34]}"
    _, (citation,) = check([claim(quoted(17, 34))], lambda article: twice)
    assert citation.start == 0


def test_a_quote_that_stands_nowhere_in_the_changed_text_is_struck() -> None:
    (struck,), citations = check([claim(quoted(17, 34))], lambda article: "Another text.")
    assert (struck.support, struck.citations, citations) == ("unsupported", (), ())
    assert struck.reason == "a.txt no longer holds the quoted sentence"


@pytest.mark.parametrize("now", ["In 25 people left.", "Now 1,5 people left.", "Now $5 people left."])
def test_a_quote_that_is_a_part_of_other_words_or_numbers_now_is_struck(now: str) -> None:
    (struck,), citations = check([claim(quoted(0, 14, "5 people left."))], lambda article: now)
    assert (struck.support, citations) == ("unsupported", ())


def test_a_span_outside_of_its_passage_is_struck() -> None:
    (struck,), citations = check([claim(quoted(35, 900))], lambda article: TEXT)
    assert (struck.support, citations) == ("unsupported", ())


def test_a_quote_that_changed_in_one_character_is_struck() -> None:
    (struck,), citations = check([claim(quoted(17, 34))], lambda article: TEXT.replace("Liu", "Lix"))
    assert (struck.support, citations) == ("unsupported", ())


def test_a_quote_whose_text_ends_before_it_is_struck() -> None:
    (struck,), _ = check([claim(quoted(17, 34))], lambda article: TEXT[:30])
    assert struck.support == "unsupported"


def test_a_quote_from_an_article_that_is_gone_is_struck_with_its_name() -> None:
    (struck,), citations = check([claim(quoted(17, 34, article="old/b.txt"))], lambda article: None)
    assert (struck.reason, citations) == ("old/b.txt can no longer be read", ())


def test_a_claim_that_cites_nothing_is_struck() -> None:
    (struck,), _ = check([DraftClaim("Mr. Liu led them.", ())], lambda article: TEXT)
    assert struck.reason == "no sentence is cited for it"


def test_a_claim_that_says_other_than_its_sentence_is_struck_however_good_the_quote() -> None:
    (struck,), citations = check([claim(quoted(17, 34), text="Mr. Liu left.")], lambda article: TEXT)
    assert (struck.reason, citations) == ("it is not what the cited sentence says", ())


def test_white_space_may_differ_between_claim_and_quote_and_the_quote_keeps_its_own() -> None:
    text = "Mr. Liu\n  led them."
    (held,), (citation,) = check([claim(quoted(0, 19, text), text="Mr. Liu led them.")], lambda article: text)
    assert (held.support, citation.quote) == ("verbatim", text)


def test_a_claim_may_be_all_of_its_sentences_in_the_order_of_the_article() -> None:
    sentences = quoted(17, 34), quoted(0, 16)
    said = "The talks ended. Mr. Liu led them."
    (held,), citations = check([claim(*sentences, text=said)], lambda article: TEXT)
    assert (held.support, held.citations) == ("verbatim", (1, 2))
    assert [found.start for found in citations] == [17, 0]
    (struck,), _ = check([claim(*sentences, text="Mr. Liu led them. The talks ended.")], lambda article: TEXT)
    assert struck.support == "unsupported"


def test_a_claim_whose_sentences_have_changed_places_is_struck() -> None:
    said = claim(quoted(17, 34), quoted(0, 16), text="The talks ended. Mr. Liu led them.")
    (struck,), citations = check([said], lambda article: "Mr. Liu led them. The talks ended.")
    assert (struck.support, citations) == ("unsupported", ())


def test_an_article_that_says_the_same_is_named_only_while_its_file_says_so() -> None:
    told = quoted(17, 34)
    copies = tuple(quoted(17, 34, article=name).evidence for name in ("same", "wrapped", "new", "longer", "gone"))
    files = {
        "a.txt": TEXT,
        "same": TEXT,
        "wrapped": TEXT.replace(" led", "\n  led"),
        "new": TEXT.replace("Liu", "Wang"),
        "longer": TEXT.replace("Mr.", "HMr."),
    }
    (citation,) = check([claim(Quoted(told.evidence, told.sentence, copies))], files.get)[1]
    assert citation.also_in == ("same", "wrapped")


def test_twin_sentences_are_two_citations_with_spans_of_their_own() -> None:
    claims, citations = check([claim(quoted(0, 16)), claim(quoted(35, 51))], lambda article: TEXT)
    assert [held.citations for held in claims] == [(1,), (2,)]
    assert [(found.start, found.end) for found in citations] == [(0, 16), (35, 51)]
    assert citations[0].quote == citations[1].quote


def test_a_sentence_cited_by_two_claims_or_twice_by_one_is_numbered_once() -> None:
    first = quoted(17, 34)
    claims, citations = check([claim(first, first), claim(first)], lambda article: TEXT)
    assert [held.citations for held in claims] == [(1,), (1,)]
    assert [found.id for found in citations] == [1]


def test_numbers_have_no_gap_where_a_claim_was_struck() -> None:
    drafted = [claim(quoted(0, 16)), claim(quoted(17, 34), text="Not so."), claim(quoted(35, 51))]
    claims, citations = check(drafted, lambda article: TEXT)
    assert [held.citations for held in claims] == [(1,), (), (2,)]
    assert [found.id for found in citations] == [1, 2]


def test_one_broken_quote_among_several_strikes_the_whole_claim() -> None:
    (struck,), citations = check([claim(quoted(17, 34), quoted(0, 5, "Other text"))], lambda article: TEXT)
    assert (struck.support, citations) == ("unsupported", ())


def test_an_empty_or_backward_span_holds_nothing() -> None:
    assert not quote_holds(TEXT, 5, 5, "")
    assert not quote_holds(TEXT, 9, 3, "")
    assert not quote_holds(TEXT, -3, len(TEXT), TEXT[-3:])


@given(
    then=st.text(min_size=1, max_size=60),
    now=st.none() | st.text(max_size=60),
    cuts=st.tuples(st.integers(0, 60), st.integers(0, 60)),
    same=st.booleans(),
)
def test_every_citation_that_passes_reads_back_from_the_file(
    then: str, now: str | None, cuts: tuple[int, int], same: bool
) -> None:
    """Whatever the file has become since it was indexed."""
    start, end = sorted(min(cut, len(then)) for cut in cuts)
    present = then if same else now
    claims, citations = check([claim(quoted(start, end, then))], lambda article: present)
    for citation in citations:
        assert present is not None
        assert present[citation.start : citation.end] == citation.quote != ""
    assert bool(citations) == (claims[0].support == "verbatim")
    assert same <= (bool(citations) or start == end)


# The short answer.

WHOLE = quoted(17, 34)
LED_BY = (17, 24)
"""Where `Mr. Liu` stands."""


def first(verified: Verified) -> ShortAnswer | None:
    return verified.shorts[0] if verified.shorts else None


def short_of(start: int, end: int, sentence: Quoted = WHOLE, *claims: DraftClaim) -> Draft:
    """A draft with a short answer from this sentence, which one claim quotes unless others are given."""
    return Draft(claims or (claim(sentence),), 0.9, (DraftShort(sentence, start, end),))


def test_a_short_answer_is_the_very_characters_inside_its_citation() -> None:
    short = first(verify(short_of(*LED_BY), lambda article: TEXT))
    assert short == ShortAnswer("Mr. Liu", 1, 17, 24)


def test_a_short_answer_moves_with_its_sentence() -> None:
    moved = "Mr. Liu was there.\n" + TEXT
    short = first(verify(short_of(*LED_BY), lambda article: moved))
    assert short == ShortAnswer("Mr. Liu", 1, 36, 43)


def test_a_short_answer_names_the_citation_of_its_own_sentence() -> None:
    draft = short_of(*LED_BY, WHOLE, claim(quoted(0, 16)), claim(WHOLE))
    short = first(verify(draft, lambda article: TEXT))
    assert short is not None
    assert short.citation == 2


def test_of_words_that_stand_twice_in_a_sentence_the_ones_that_were_meant_are_kept() -> None:
    text = "Yell lies north of Yell Sound."
    short = first(verify(short_of(19, 23, quoted(0, 30, text)), lambda article: text))
    assert short == ShortAnswer("Yell", 1, 19, 23)


def test_a_sentence_that_two_passages_hold_is_one_sentence() -> None:
    source = WHOLE.evidence.source
    other = Quoted(Evidence(source, 17, 51, TEXT[17:], (WHOLE.sentence,), 0.1, 0.1, 0.1), WHOLE.sentence)
    short = first(verify(short_of(*LED_BY, other, claim(WHOLE)), lambda article: TEXT))
    assert short == ShortAnswer("Mr. Liu", 1, 17, 24)


@pytest.mark.parametrize("now", [None, "Another text.", TEXT.replace("led them", "left them")])
def test_a_short_answer_goes_with_its_sentence(now: str | None) -> None:
    verified = verify(short_of(*LED_BY), lambda article: now)
    assert (verified.citations, verified.shorts) == ((), ())


def test_a_short_answer_from_a_claim_that_was_struck_goes_though_others_stay() -> None:
    draft = short_of(*LED_BY, WHOLE, claim(WHOLE, text="Not so."), claim(quoted(0, 16)))
    verified = verify(draft, lambda article: TEXT)
    assert (len(verified.citations), verified.shorts) == (1, ())


def test_a_short_answer_from_a_sentence_that_no_claim_quotes_is_none() -> None:
    assert first(verify(short_of(*LED_BY, WHOLE, claim(quoted(0, 16))), lambda article: TEXT)) is None
    assert first(verify(Draft((), 0.1, (DraftShort(WHOLE, *LED_BY),)), lambda article: TEXT)) is None


@pytest.mark.parametrize(
    ("start", "end"),
    [(16, 24), (17, 35), (0, 16), (35, 51), (24, 17), (17, 17), (-5, 3), (20, 21), (900, 901)],
    ids=["before", "after", "another", "twin", "backward", "empty", "negative", "white space", "beyond"],
)
def test_a_span_that_is_not_inside_its_sentence_or_shows_nothing_is_no_short_answer(start: int, end: int) -> None:
    verified = verify(short_of(start, end), lambda article: TEXT)
    assert first(verified) is None
    assert len(verified.citations) == 1


def test_a_short_answer_keeps_its_characters_whatever_they_are() -> None:
    text = "He paid $375\n\x1b[2J billion\u202e."
    short = first(verify(short_of(8, len(text) - 1, quoted(0, len(text), text)), lambda article: text))
    assert short is not None
    assert short.text == "$375\n\x1b[2J billion\u202e"


@given(
    text=st.text(min_size=1, max_size=60),
    cuts=st.lists(st.integers(0, 60), min_size=2, max_size=2),
    inner=st.lists(st.integers(-3, 63), min_size=2, max_size=2),
    inserted=st.text(max_size=40),
    at=st.integers(0, 60),
)
def test_every_short_answer_reads_back_from_the_file_inside_its_citation(
    text: str, cuts: list[int], inner: list[int], inserted: str, at: int
) -> None:
    """Whatever was inserted before the sentence since it was indexed."""
    start, end = sorted(min(cut, len(text)) for cut in cuts)
    at = min(at, start)
    # What touches it now is no word that it could have become a part of.
    now = f"{text[:at]}{inserted}{text[at:start]}\n{text[start:end]}\n{text[end:]}"
    begin, stop = inner
    verified = verify(short_of(begin, stop, quoted(start, end, text)), lambda article: now)
    meant = text[begin:stop] if start <= begin < stop <= end else ""
    short = first(verified)
    assert (short is not None) == bool(meant.strip())
    if short:
        citation = verified.citations[short.citation - 1]
        assert now[short.start : short.end] == short.text == meant
        assert citation.start <= short.start < short.end <= citation.end
